//! The read models that there are.

/// Does the same for each read model: `each_model!(M => { … M::NAME … })`.
macro_rules! each_model {
    ($model:ident => $body:block) => {{
        {
            type $model = $crate::directory_model::Directory;
            $body
        }
        {
            type $model = $crate::customer_360::Customer360;
            $body
        }
        {
            type $model = $crate::orders::Orders;
            $body
        }
        {
            type $model = $crate::messages::Messages;
            $body
        }
        {
            type $model = $crate::quotes::Quotes;
            $body
        }
        {
            type $model = $crate::service_entries::ServiceEntries;
            $body
        }
        {
            type $model = $crate::files::Files;
            $body
        }
        {
            type $model = $crate::ledger::Ledger;
            $body
        }
        {
            type $model = $crate::insight::Insight;
            $body
        }
        {
            type $model = $crate::tasks::Tasks;
            $body
        }
        {
            type $model = $crate::unmatched::Unmatched;
            $body
        }
        {
            type $model = $crate::folders::Folders;
            $body
        }
        {
            type $model = $crate::members::Members;
            $body
        }
        {
            type $model = $crate::teams::Teams;
            $body
        }
        {
            type $model = $crate::rules::Rules;
            $body
        }
        {
            type $model = $crate::rule_runs::RuleRuns;
            $body
        }
        {
            type $model = $crate::templates::Templates;
            $body
        }
        {
            type $model = $crate::notifications::Notifications;
            $body
        }
    }};
}
pub(crate) use each_model;

/// The names of all of them.
pub const NAMES: [&str; 18] = [
    "directory",
    "customer_360",
    "orders",
    "messages",
    "quotes",
    "service_entries",
    "files",
    "ledger",
    "insight",
    "tasks",
    "unmatched",
    "folders",
    "members",
    "teams",
    "rules",
    "rule_runs",
    "templates",
    "notifications",
];
