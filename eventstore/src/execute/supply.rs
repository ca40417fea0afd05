//! What decisions need to know beside their own stream.

use domain::Command;
use domain::command::{Fact, Need};
use domain::member::Member;
use domain::organisation::Organisation;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::Refused;
use super::work::Work;
use crate::error::Error;
use crate::read::HistoryQuery;
use crate::store::Store;

impl Store {
    /// Hands the command what it needs to know of other streams.
    pub(super) async fn supply(
        &self,
        work: &Work,
        organisation: Uuid,
        command: &mut Command,
        fresh: bool,
    ) -> Result<(), Refused> {
        for need in command.needs() {
            let fact = match need {
                Need::Folder(id) => {
                    Fact::Folder { id, folder: self.folder(organisation, id, fresh).await? }
                }
                Need::DefaultFolder => {
                    let (_, state) =
                        self.load_state::<Organisation>(organisation, organisation, fresh).await?;
                    let folder = match state.default_folder {
                        Some(id) => {
                            self.folder(organisation, id, fresh).await?.map(|folder| (id, folder))
                        }
                        None => None,
                    };
                    Fact::DefaultFolder(folder)
                }
                Need::CustomersFolder => {
                    let id = command.stream_id();
                    let customer = self.customer(work, organisation, id, fresh).await?;
                    let folder = match customer.folder {
                        Some(id) => self.folder(organisation, id, fresh).await?,
                        None => None,
                    };
                    Fact::CustomersFolder(folder)
                }
                Need::Customer(id) => {
                    let customer = self.customer(work, organisation, id, fresh).await?;
                    Fact::Customer { id, customer: customer.fact() }
                }
                Need::ArchivedFor => {
                    let customer = command.stream_id();
                    Fact::ArchivedFor(self.archived_for(organisation, customer).await?)
                }
                Need::Recipient(id) => {
                    let customer = self.customer(work, organisation, id, fresh).await?;
                    Fact::Recipient { id, recipient: customer.recipient() }
                }
                Need::Member(user) => {
                    let (_, state) = self.load_state::<Member>(organisation, user, fresh).await?;
                    Fact::Member { user, is_member: state.present }
                }
            };
            command.supply(&fact);
        }
        Ok(())
    }

    /// How long ago the log learned that the customer was archived.
    async fn archived_for(
        &self,
        organisation: Uuid,
        customer: Uuid,
    ) -> Result<Option<SignedDuration>, Error> {
        let last = HistoryQuery {
            limit: 1,
            descending: true,
            types: vec!["customer.archived".to_owned()],
            ..HistoryQuery::default()
        };
        let archived = self.read_customer(organisation, customer, &last).await?;
        Ok(archived.first().map(|event| Timestamp::now().duration_since(event.recorded_at)))
    }
}
