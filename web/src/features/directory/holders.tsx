import { useTranslation } from "react-i18next";
import { known } from "@/shared/text";
import { useHolders } from "./queries";

/** Who is already known under what is being typed, so that nobody is there twice. */
export function Holders(props: {
  kind: "emails" | "phones";
  text: string;
  onOpen: (customer: string) => void;
}) {
  const { t } = useTranslation();
  const holders = useHolders(props.kind, props.text).data ?? [];
  if (holders.length === 0) return null;
  const key = props.kind === "emails" ? "newCustomer.hasEmail" : "newCustomer.hasPhone";
  return (
    <ul className="small" aria-live="polite">
      {holders.map(({ id, display_name }) => (
        <li key={id}>
          <button type="button" className="link" onClick={() => props.onOpen(id)}>
            {known(display_name)}
          </button>{" "}
          {t(key)}
        </li>
      ))}
    </ul>
  );
}
