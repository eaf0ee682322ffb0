//! Objects of Kubernetes. Source: kubernetes-sigs/windows-gmsa, its CRD and its webhook; Kubernetes, "Configure GMSA
//! for Windows Pods and containers".

use serde_json::{Result, Value, json};

use super::item::{Item, Wishes};
use crate::document::yaml;
use crate::parallel;

/// Manifests without generated fields, or the part of a pod; and what to do with them.
pub(super) fn objects(items: &[Item], wishes: &Wishes) -> Result<(String, String)> {
    let print = |one: &Item| yaml::print(&documents(one, wishes)?);
    let texts = parallel::each(items.iter().collect(), print);
    let text = texts.into_iter().collect::<Result<Vec<_>>>()?.join(yaml::BETWEEN);
    let next = if wishes.pod {
        "next: merge it into the `spec` of the pod, or of a Deployment's template\n".to_owned()
    } else {
        let names = items.iter().map(|one| one.name.as_str()).collect::<Vec<_>>();
        let name = if let [name] = names[..] { name } else { "NAME" };
        format!(
            "next: apply it, and name it in the pod (`--pod` prints that part):\n  \
             kubectl apply --server-side -f FILE\n  \
             securityContext: {{ windowsOptions: {{ gmsaCredentialSpecName: {name} }} }}\n"
        )
    };
    Ok((text, next))
}

/// What is made of one spec.
fn documents(one: &Item, wishes: &Wishes) -> Result<Vec<Value>> {
    if wishes.pod {
        return Ok(vec![pod(one, wishes)]);
    }
    let manifest = json!({
        "apiVersion": "windows.k8s.io/v1",
        "kind": "GMSACredentialSpec",
        "metadata": { "name": one.name },
        "credspec": serde_json::to_value(&one.spec)?,
    });
    Ok(std::iter::once(manifest).chain(access(one, wishes).into_iter().flatten()).collect())
}

/// What lets a service account use the spec. The webhook asks in the pod's namespace, so that a RoleBinding is
/// enough. Source: kubernetes-sigs/windows-gmsa, `isAuthorizedToUseCredSpec`.
fn access(one: &Item, wishes: &Wishes) -> Option<[Value; 2]> {
    let account = wishes.rbac.as_ref()?;
    let role = format!("{}-gmsa-use", one.name);
    Some([
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": { "name": role },
            "rules": [{
                "apiGroups": ["windows.k8s.io"],
                "resources": ["gmsacredentialspecs"],
                "resourceNames": [one.name],
                "verbs": ["use"],
            }],
        }),
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": { "name": role, "namespace": account.namespace },
            "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io",
                "kind": "ClusterRole",
                "name": role,
            },
            "subjects": [{
                "kind": "ServiceAccount",
                "name": account.name,
                "namespace": account.namespace,
            }],
        }),
    ])
}

/// The part of a pod's `spec`.
fn pod(one: &Item, wishes: &Wishes) -> Value {
    let mut part = json!({
        "nodeSelector": { "kubernetes.io/os": "windows" },
        "securityContext": { "windowsOptions": { "gmsaCredentialSpecName": one.name } },
    });
    if let Some(account) = &wishes.rbac {
        part["serviceAccountName"] = account.name.clone().into();
    }
    part
}
