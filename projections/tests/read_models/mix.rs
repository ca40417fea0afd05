//! A random mix of commands, the same for the same seed.

use domain::value::{InteractionType, NoteScope, RiskFlagType};
use eventstore::{Done, Refused};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::World;

/// What the commands so far have made.
pub(crate) struct Mix<'a> {
    world: &'a World,
    /// The seed that it began with.
    stream: u64,
    seed: u64,
    folders: Vec<Uuid>,
    members: Vec<Uuid>,
    customers: Vec<Uuid>,
    tasks: Vec<Uuid>,
    quotes: Vec<Uuid>,
    entries: Vec<Uuid>,
    files: Vec<Uuid>,
    notes: Vec<(Uuid, Uuid)>,
    risks: Vec<(Uuid, Uuid)>,
    messages: Vec<Uuid>,
    invoices: Vec<(Uuid, Uuid)>,
    funds: Vec<(Uuid, Uuid)>,
    allocations: Vec<(Uuid, Uuid)>,
    pub(crate) accepted: usize,
}

const NAMES: [&str; 8] = ["Ada", "Bea", "Özgür", "Émile", "İpek", "Zoë", "Straße", "Nguyễn"];
const TAGS: [&str; 5] = ["VIP", "vip", "Ärger", "new", "İstanbul"];

impl<'a> Mix<'a> {
    /// Names are taken once in an organisation: each seed has its own.
    pub(crate) async fn new(world: &'a World, seed: u64) -> Mix<'a> {
        let mut folders = Vec::new();
        for name in ["clients", "leads"] {
            let statuses = json!(["prospect", "won", name]);
            let folder = json!({"name": format!("{name} {seed}"), "statuses": statuses});
            folders.push(world.run("folder.create", None, folder).await.stream_id);
        }
        let role = domain::value::Role::Sales;
        let mut members = Vec::new();
        for name in ["Mary", "John"] {
            members.push(world.member(&format!("{name}{seed}"), role).await);
        }
        Self {
            world,
            stream: seed,
            seed,
            folders,
            members,
            customers: Vec::new(),
            tasks: Vec::new(),
            quotes: Vec::new(),
            entries: Vec::new(),
            files: Vec::new(),
            notes: Vec::new(),
            risks: Vec::new(),
            messages: Vec::new(),
            invoices: Vec::new(),
            funds: Vec::new(),
            allocations: Vec::new(),
            accepted: 0,
        }
    }

    fn random(&mut self, below: usize) -> usize {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from((self.seed >> 33) % u64::try_from(below).unwrap()).unwrap()
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let at = self.random(from.len());
        from[at].clone()
    }

    /// Issues so many commands; some are refused, as in life.
    pub(crate) async fn commands(&mut self, count: usize) {
        for number in 0..count {
            self.command(number).await;
            if number % 7 == 3 {
                self.on_file(number).await;
            }
        }
    }

    async fn command(&mut self, number: usize) {
        if self.customers.len() < 3 || self.random(6) == 0 {
            return self.create(number).await;
        }
        let customers = self.customers.clone();
        let customer = self.pick(&customers);
        let (name, target, data) =
            if self.random(5) == 0 { self.money(customer) } else { self.about(customer, number) };
        let done = self.issue(name, target, data).await;
        let Some(done) = done else { return };
        for event in &done.events {
            let id = |name: &str| event.body.get(name).and_then(|id| id.as_str()?.parse().ok());
            match event.type_name.as_str() {
                "task.added" => self.tasks.push(done.stream_id),
                "quote.drafted" => self.quotes.push(done.stream_id),
                "service_entry.added" => self.entries.push(done.stream_id),
                "message.requested" => self.messages.push(done.stream_id),
                "customer.note_added" => self.notes.push((customer, id("note_id").unwrap())),
                "customer.risk_flag_raised" => self.risks.push((customer, id("flag_id").unwrap())),
                "account.invoice_issued" => {
                    self.invoices.push((customer, id("invoice_id").unwrap()));
                }
                "account.payment_received" => {
                    self.funds.push((customer, id("payment_id").unwrap()));
                }
                "account.credit_added" => self.funds.push((customer, id("credit_id").unwrap())),
                "account.credit_note_issued" => {
                    self.funds.push((customer, id("credit_note_id").unwrap()));
                }
                "account.payment_allocated" | "account.credit_allocated" => {
                    self.allocations.push((customer, id("allocation_id").unwrap()));
                }
                _ => {}
            }
        }
    }

    /// Something on an account; what is named may be somebody else's.
    fn money(&mut self, customer: Uuid) -> (&'static str, Option<Uuid>, Value) {
        let currency = self.pick(&["EUR", "EUR", "USD"]);
        let price = self.pick(&["10.00", "1.205", "33.333"]);
        let amount = json!({"amount": self.pick(&["5", "12.34", "0"]), "currency": currency});
        let (invoices, funds) = (self.invoices.clone(), self.funds.clone());
        let allocations = self.allocations.clone();
        if invoices.len() < 3 || funds.len() < 2 || allocations.is_empty() {
            let allocations: Vec<Value> = invoices
                .last()
                .map(|(_, invoice)| json!({"invoice": invoice}))
                .into_iter()
                .collect();
            let customer = invoices.last().map_or(customer, |(customer, _)| *customer);
            if self.random(2) == 0 {
                let money = json!({"amount": "7", "currency": "EUR"});
                let payment =
                    json!({"customer": customer, "amount": money, "allocations": allocations});
                return ("account.receive_payment", None, payment);
            }
            let lines = json!([{"quantity": 3, "unit_price": price}]);
            let invoice = json!({"customer": customer, "currency": "EUR", "lines": lines});
            return ("account.issue_invoice", None, invoice);
        }
        let (debtor, invoice) = self.pick(&invoices);
        let (payer, money) = self.pick(&funds);
        let (owner, allocation) = self.pick(&allocations);
        let lines = json!([{"description": "thing", "quantity": 3, "unit_price": price}]);
        let (name, data) = match self.random(9) {
            0 | 1 => (
                "account.issue_invoice",
                json!({"customer": customer, "currency": currency, "lines": lines, "due_on": "2026-11-20"}),
            ),
            2 => (
                "account.issue_credit_note",
                json!({"customer": debtor, "invoice": invoice, "lines": [{"quantity": 1, "unit_price": "2.5"}], "reason": "broken"}),
            ),
            3 | 4 => (
                "account.receive_payment",
                json!({"customer": debtor, "amount": amount, "reference": "mine", "allocations": [{"invoice": invoice}]}),
            ),
            5 => (
                "account.add_credit",
                json!({"customer": customer, "amount": {"amount": "7.5", "currency": currency}, "method": "cash"}),
            ),
            6 if self.random(2) == 0 => (
                "account.allocate_payment",
                json!({"customer": payer, "payment": money, "invoice": invoice}),
            ),
            6 => (
                "account.allocate_credit",
                json!({"customer": payer, "credit": money, "invoice": invoice}),
            ),
            7 => {
                ("account.reverse_allocation", json!({"customer": owner, "allocation": allocation}))
            }
            _ => {
                ("account.refund_credit", json!({"customer": payer, "credit": money, "amount": 1}))
            }
        };
        (name, None, data)
    }

    async fn create(&mut self, number: usize) {
        let seed = self.stream;
        let (first, last) = (self.pick(&NAMES), self.pick(&NAMES));
        let mut data = json!({
            "type": "person", "first_name": first, "last_name": last,
            "emails": [format!("{number}@s{seed}.example.com")], "phones": [format!("+49 30 {number:07}")],
            "external_ids": {"shop": format!("{seed}-{number}")}, "tags": [self.pick(&TAGS)],
            "addresses": [{"line1": "Main Street 1", "city": self.pick(&["Köln", "Paris"])}],
        });
        if self.random(2) == 0 {
            let folders = self.folders.clone();
            data["folder"] = json!(self.pick(&folders));
        }
        if let Some(done) = self.issue("customer.create", None, data).await {
            self.customers.push(done.stream_id);
        }
    }

    fn about(&mut self, customer: Uuid, number: usize) -> (&'static str, Option<Uuid>, Value) {
        let (folders, members) = (self.folders.clone(), self.members.clone());
        let (member, folder) = (self.pick(&members), self.pick(&folders));
        let (seed, text) = (self.stream, format!("text {number}"));
        let (name, data) = match self.random(42) {
            0 => ("customer.rename", json!({"last_name": self.pick(&NAMES)})),
            1 => (
                "customer.add_email",
                json!({"address": format!("x{number}@s{seed}.example.org"), "primary": true}),
            ),
            2 => (
                "customer.remove_email",
                json!({"address": format!("{}@s{seed}.example.com", self.random(60))}),
            ),
            3 => (
                "customer.add_phone",
                json!({"number": format!("030 {number:06}"), "label": "work"}),
            ),
            4 => ("customer.add_address", json!({"line1": text, "city": "Wien", "country": "AT"})),
            5 => (
                "customer.set_external_id",
                json!({"source": "erp", "id": format!("{seed} {text}")}),
            ),
            6 => ("customer.remove_external_id", json!({"source": "erp"})),
            7 => (
                "customer.change_status",
                json!({"status": self.pick(&["prospect", "won"]), "reason": text}),
            ),
            8 => ("customer.move_folder", json!({"folder": folder})),
            9 => ("customer.tag", json!({"tag": self.pick(&TAGS)})),
            10 => ("customer.untag", json!({"tag": self.pick(&TAGS)})),
            11 => ("customer.assign_worker", json!({"user": member})),
            12 => ("customer.unassign_worker", json!({"user": member})),
            13 | 14 => {
                ("customer.add_note", json!({"text": text, "scope": self.pick(NoteScope::ALL)}))
            }
            15 => return self.on_note("customer.edit_note", Some(text)),
            16 => return self.on_note("customer.pin_note", None),
            17 => return self.on_note("customer.delete_note", None),
            18 => (
                "customer.log_interaction",
                json!({"type": self.pick(InteractionType::ALL), "note": text}),
            ),
            19 => ("customer.flag", json!({"reason": text})),
            20 => ("customer.unflag", json!({})),
            21 => (
                "customer.raise_risk_flag",
                json!({"type": self.pick(RiskFlagType::ALL), "reason": text}),
            ),
            22 => return self.clear_risk(),
            23 => ("customer.mark_dormant", json!({"reason": text})),
            24 => ("customer.reactivate", json!({})),
            25 => ("customer.archive", json!({})),
            26 => ("customer.restore", json!({})),
            27 => {
                let line = json!({"item_code": "A1", "description": text, "quantity": 3, "unit_price": "1.205"});
                let number = format!("{seed}-{number}");
                let order = json!({
                    "customer": customer, "source": "shop", "number": number, "currency": self.pick(&["EUR", "USD"]),
                    "credited": self.random(4) == 0, "lines": [line],
                });
                return ("order.record", None, order);
            }
            28 => {
                let task = json!({"customer": customer, "title": text, "due_on": "2026-11-23", "assignee": member});
                return ("task.add", None, task);
            }
            29 => return self.on_task(member),
            30 | 31 => return self.sell(customer, text),
            32 => return self.serve(customer, text),
            33 => {
                let customers = self.customers.clone();
                ("customer.set_referrer", json!({"customer": self.pick(&customers)}))
            }
            34 => ("customer.remove_referrer", json!({})),
            35 => {
                let by = self.pick(&["person", "automatic"]);
                let message =
                    json!({"customer": customer, "subject": text, "text": text, "asked_by": by});
                return ("message.request", None, message);
            }
            36 => {
                let message = json!({"customer": customer, "channel": "sms", "from": "+49301234",
                    "text": text, "provider_id": format!("{seed}-{number}"), "attachments": [text]});
                return ("message.receive", None, message);
            }
            37 => return self.on_message(number),
            38 => ("customer.opt_out", json!({"channel": "email", "reason": text})),
            39 => ("customer.opt_in", json!({"channel": "email"})),
            40 => ("customer.set_do_not_work_with", json!({"reason": text})),
            _ => {
                let sent = json!({"to": [member, members[0]], "customer": customer, "text": text});
                return ("notification.send", None, sent);
            }
        };
        (name, Some(customer), data)
    }

    fn on_note(
        &mut self,
        name: &'static str,
        text: Option<String>,
    ) -> (&'static str, Option<Uuid>, Value) {
        let notes = self.notes.clone();
        if notes.is_empty() {
            return ("task.add", None, json!({"title": "Buy paper"}));
        }
        let (customer, note) = self.pick(&notes);
        let mut data = json!({"note_id": note});
        if let Some(text) = text {
            data["text"] = json!(text);
        }
        (name, Some(customer), data)
    }

    fn on_message(&mut self, number: usize) -> (&'static str, Option<Uuid>, Value) {
        let messages = self.messages.clone();
        if messages.is_empty() {
            return ("task.add", None, json!({"title": "Write"}));
        }
        let message = self.pick(&messages);
        let (name, data) = match self.random(5) {
            0 => (
                "message.record_failed",
                json!({"reason": "busy", "final": number.is_multiple_of(2)}),
            ),
            1 => ("message.record_delivered", json!({})),
            2 => ("message.record_opened", json!({})),
            3 => ("message.withhold", json!({"reason": "opted_out"})),
            _ => ("message.record_sent", json!({"provider_id": format!("{message}@x.example")})),
        };
        (name, Some(message), data)
    }

    fn clear_risk(&mut self) -> (&'static str, Option<Uuid>, Value) {
        let risks = self.risks.clone();
        if risks.is_empty() {
            return ("task.add", None, json!({"title": "Tidy up"}));
        }
        let (customer, flag) = self.pick(&risks);
        ("customer.clear_risk_flag", Some(customer), json!({"flag_id": flag, "reason": "paid"}))
    }

    fn on_task(&mut self, member: Uuid) -> (&'static str, Option<Uuid>, Value) {
        let tasks = self.tasks.clone();
        if tasks.is_empty() {
            return ("task.add", None, json!({"title": "Make coffee"}));
        }
        let task = self.pick(&tasks);
        let (name, data) = match self.random(4) {
            0 => ("task.edit", json!({"title": "Changed", "due_on": null, "assignee": member})),
            1 => ("task.reopen", json!({})),
            2 => ("task.delete", json!({})),
            _ => ("task.complete", json!({})),
        };
        (name, Some(task), data)
    }

    fn sell(&mut self, customer: Uuid, text: String) -> (&'static str, Option<Uuid>, Value) {
        let quotes = self.quotes.clone();
        let lines = json!([{"description": text, "quantity": 2, "unit_price": "10.005"}]);
        if quotes.is_empty() || self.random(3) == 0 {
            let quote = json!({"customer": customer, "valid_until": "2099-12-31", "currency": "EUR", "lines": lines});
            return ("quote.draft", None, quote);
        }
        let (name, data) = match self.random(5) {
            0 => ("quote.edit", json!({"lines": lines})),
            1 => ("quote.send", json!({})),
            2 => ("quote.reject", json!({"reason": text})),
            3 => {
                let order = json!({"customer": customer, "currency": "USD", "lines": lines});
                return ("order.place", None, order);
            }
            _ => ("quote.accept", json!({})),
        };
        (name, Some(self.pick(&quotes)), data)
    }

    /// What happens to files draws no numbers of those that all else is made of.
    async fn on_file(&mut self, number: usize) {
        let Some(customer) = self.customers.last().copied() else { return };
        let seed = self.seed;
        let (name, target, data) = self.file(customer, format!("file {number}.pdf"));
        let done = self.issue(name, target, data).await;
        self.files.extend(done.filter(|_| name == "file.upload").map(|done| done.stream_id));
        self.seed = seed;
    }

    fn file(&mut self, customer: Uuid, text: String) -> (&'static str, Option<Uuid>, Value) {
        let files = self.files.clone();
        if files.is_empty() || self.random(3) == 0 {
            let file = json!({"customer": customer, "name": text, "scope": self.pick(NoteScope::ALL),
                "size_bytes": 4, "sha256": "9f86d081", "media_type": "application/pdf"});
            return ("file.upload", Some(Uuid::now_v7()), file);
        }
        let (name, data) = match self.random(4) {
            0 => ("file.remove", json!({})),
            1 => ("file.restore", json!({})),
            _ => ("file.rename", json!({"name": text})),
        };
        (name, Some(self.pick(&files)), data)
    }

    fn serve(&mut self, customer: Uuid, text: String) -> (&'static str, Option<Uuid>, Value) {
        let entries = self.entries.clone();
        if entries.is_empty() || self.random(3) == 0 {
            let entry = json!({"customer": customer, "kind": self.pick(&["delivery", "installation"]),
                "title": text, "scheduled_for": self.pick(&["2026-12-01", "2026-12-01T09:30:00Z"])});
            return ("service_entry.add", None, entry);
        }
        let (name, data) = match self.random(4) {
            0 => ("service_entry.reschedule", json!({"scheduled_for": "2026-12-03"})),
            1 => ("service_entry.complete", json!({})),
            2 => ("service_entry.reopen", json!({})),
            _ => ("service_entry.cancel", json!({"reason": text})),
        };
        (name, Some(self.pick(&entries)), data)
    }

    pub(crate) fn customers(&self) -> Vec<Uuid> {
        self.customers.clone()
    }

    /// Erases so many customers.
    pub(crate) async fn erase(&mut self, count: usize) {
        for _ in 0..count {
            let customers = self.customers.clone();
            let customer = self.pick(&customers);
            self.issue("customer.erase", Some(customer), json!({"confirm": "erase"})).await;
        }
    }

    /// Some things happened before they were recorded.
    async fn issue(&mut self, name: &str, target: Option<Uuid>, data: Value) -> Option<Done> {
        let ago = SignedDuration::from_hours(i64::try_from(self.random(2_000)).unwrap());
        let at = (self.random(3) == 0).then(|| Timestamp::now() - ago);
        let organisation = self.world.organisation;
        match self.world.try_run(organisation, name, target, data, at).await {
            Ok(done) => {
                self.accepted += 1;
                Some(done)
            }
            Err(
                Refused::Rejected(_)
                | Refused::Erased
                | Refused::NotFound
                | Refused::ClaimTaken { .. },
            ) => None,
            Err(refused) => panic!("{name}: {refused:?}"),
        }
    }
}
