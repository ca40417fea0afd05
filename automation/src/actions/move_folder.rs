//! `move_folder`: moves the customer to a folder.

use domain::customer::{self, Command, FolderFact};
use domain::rule::MoveFolder;

use super::{Cause, Reaction, on_customer};

pub(super) fn react(step: &MoveFolder, cause: &Cause) -> Reaction {
    let to = customer::MoveFolder { folder: step.folder, folder_fact: FolderFact::Absent };
    on_customer(cause, Command::MoveFolder(to))
}
