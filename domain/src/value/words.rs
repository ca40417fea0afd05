//! The closed lists of the business.

/// A word that is not in its list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown variant `{word}`, expected one of {expected}")]
pub struct UnknownWord {
    pub word: String,
    pub expected: String,
}

/// An enum whose variants are stored and sent as fixed words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize, utoipa::ToSchema,
        )]
        pub enum $name { $($(#[$inner])* #[serde(rename = $word)] #[schema(rename = $word)] $variant),+ }

        impl $name {
            /// All of them, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word under which it is stored and sent.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.name())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::value::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::value::UnknownWord {
                        word: word.to_owned(),
                        expected: [$(concat!("`", $word, "`")),+].join(", "),
                    }),
                }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a customer is.
    CustomerType {
        Person = "person",
        Company = "company",
        Supplier = "supplier",
        Other = "other",
    }
}

words! {
    /// Who may read a note, or a file.
    NoteScope {
        Internal = "internal",
        Sales = "sales",
        Branch = "branch",
        Support = "support",
        Finance = "finance",
        Fulfillment = "fulfillment",
        /// Senior roles only.
        Restricted = "restricted",
        /// The customer reads it too.
        Customer = "customer",
    }
}

words! {
    /// The kind of a touchpoint.
    InteractionType {
        Call = "call",
        Visit = "visit",
        Email = "email",
        Sms = "sms",
        ShowroomVisit = "showroom_visit",
        Meeting = "meeting",
        Demo = "demo",
        FollowUp = "follow_up",
        Other = "other",
    }
}

words! {
    /// What is risky about a customer.
    RiskFlagType {
        OverduePayment = "overdue_payment",
        FrequentRefunds = "frequent_refunds",
        DiscountDependency = "discount_dependency",
        FrequentClaims = "frequent_claims",
        DeliveryFailures = "delivery_failures",
        AbusiveBehavior = "abusive_behavior",
        CancellationPattern = "cancellation_pattern",
        ManualFlag = "manual_flag",
    }
}

words! {
    /// Whether a customer is worked with at present.
    Lifecycle {
        Active = "active",
        Dormant = "dormant",
    }
}

words! {
    /// What a member of an organisation is there for.
    Role {
        Admin = "admin",
        Owner = "owner",
        Manager = "manager",
        Executive = "executive",
        Support = "support",
        Finance = "finance",
        Sales = "sales",
        Field = "field",
        Viewer = "viewer",
    }
}

words! {
    /// How a run of a rule, or one step of it, ended.
    Outcome {
        Done = "done",
        Skipped = "skipped",
        Blocked = "blocked",
        Withheld = "withheld",
        Failed = "failed",
    }
}

words! {
    /// The way that a message takes.
    Channel {
        Email = "email",
        Sms = "sms",
        Whatsapp = "whatsapp",
    }
}

words! {
    /// Whether somebody wrote a message, or a rule or an app sends it by itself.
    AskedBy {
        Person = "person",
        Automatic = "automatic",
    }
}

words! {
    /// Why an automatic message is not sent.
    WithheldReason {
        Dormant = "dormant",
        OptedOut = "opted_out",
        DoNotWorkWith = "do_not_work_with",
        Archived = "archived",
        Erased = "erased",
        NoAddress = "no_address",
    }
}
