//! Which fields of a record an event changes: for conflicts, and for what could be merged.

use serde_json::Value;

/// The fields, by the names under which a reader of the record finds them.
pub(crate) fn fields(type_name: &str, body: Option<&Value>) -> Vec<String> {
    let named: &[&str] = match type_name {
        "customer.renamed" => return renamed(body),
        "customer.created" => &["*"],
        "customer.type_changed" => &["type"],
        "customer.email_added" | "customer.email_changed" | "customer.email_removed" => &["emails"],
        "customer.phone_added" | "customer.phone_changed" | "customer.phone_removed" => &["phones"],
        "customer.address_added" | "customer.address_changed" | "customer.address_removed" => {
            &["addresses"]
        }
        "customer.external_id_set" | "customer.external_id_removed" => &["external_ids"],
        "customer.status_changed" => &["status"],
        "customer.folder_moved" => &["folder"],
        "customer.tagged" | "customer.untagged" => &["tags"],
        "customer.worker_assigned" | "customer.worker_unassigned" => &["workers"],
        "customer.note_added"
        | "customer.note_edited"
        | "customer.note_deleted"
        | "customer.note_restored"
        | "customer.note_pinned"
        | "customer.note_unpinned" => &["notes"],
        "customer.interaction_logged" => &["interactions"],
        "customer.flagged" | "customer.unflagged" => &["flag"],
        "customer.risk_flag_raised" | "customer.risk_flag_cleared" => &["risk"],
        "customer.marked_dormant" | "customer.reactivated" => &["lifecycle"],
        "customer.opted_out" | "customer.opted_in" => &["opted_out"],
        "customer.do_not_work_with_set" | "customer.do_not_work_with_cleared" => {
            &["do_not_work_with"]
        }
        "customer.portal_access_granted" | "customer.portal_access_revoked" => &["portal"],
        "message.sent" | "message.failed" | "message.delivered" | "message.opened" => &["state"],
        "customer.archived" | "customer.restored" => &["archived"],
        "customer.erased" => &["*"],
        "folder.renamed" => &["name"],
        "folder.statuses_changed" => &["statuses", "default_status"],
        "member.roles_changed" => &["roles"],
        "member.reach_set" => &["reach"],
        "role.permissions_changed" => &["permissions"],
        "role.field_groups_changed" => &["field_groups"],
        "role.note_scopes_changed" => &["note_scopes"],
        "role.reset" => &["permissions", "field_groups", "note_scopes"],
        "task.completed" | "task.reopened" => &["state"],
        "task.edited" => return edited(body),
        "organisation.sender_set" => &["sender"],
        "organisation.default_folder_set" => &["default_folder"],
        "rule.activated" | "rule.deactivated" | "rule.archived" => &["state"],
        // Of an event that is not listed nobody can say that it leaves a field alone.
        _ => &["*"],
    };
    named.iter().map(|name| (*name).to_owned()).collect()
}

/// Whether what happened leaves alone what is to be changed.
pub(crate) fn mergeable(happened: &[Vec<String>], wanted: &[Vec<String>]) -> bool {
    let everything = |fields: &[String]| fields.iter().any(|field| field == "*");
    let meets = |left: &[String], right: &[String]| left.iter().any(|field| right.contains(field));
    happened.iter().all(|done| {
        wanted.iter().all(|want| !everything(done) && !everything(want) && !meets(done, want))
    })
}

fn renamed(body: Option<&Value>) -> Vec<String> {
    differing(body, &["first_name", "last_name", "company_name"])
}

fn edited(body: Option<&Value>) -> Vec<String> {
    differing(body, &["title", "due_on", "assignee", "note"])
}

/// Those that differ between `from` and `to`; all where the body is not known.
fn differing(body: Option<&Value>, names: &[&str]) -> Vec<String> {
    let differs = |name: &&&str| match body.and_then(|body| body.get("from").zip(body.get("to"))) {
        Some((from, to)) => from.get(**name) != to.get(**name),
        None => true,
    };
    names.iter().filter(differs).map(|name| (*name).to_owned()).collect()
}
