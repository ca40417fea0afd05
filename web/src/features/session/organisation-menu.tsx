import { Button, Menu } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMe } from "@/shared/session";

/** Where one works; who is in several organisations changes here. */
export function OrganisationMenu() {
  const { organisation, organisations } = useMe();
  const navigate = useNavigate();
  if (organisations.length < 2) return <span className="cut quiet">{organisation.name}</span>;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          rightSection={<IconChevronDown size={16} aria-hidden />}
        >
          <span className="cut">{organisation.name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {organisations.map(({ id, name }) => (
          <Menu.Item
            key={id}
            aria-current={id === organisation.id}
            rightSection={id === organisation.id ? <IconCheck size={16} aria-hidden /> : null}
            onClick={() =>
              navigate({
                to: "/organizations/$organisation/customers/{-$customer}/{-$tab}",
                params: { organisation: id, customer: undefined, tab: undefined },
                search: {},
              })
            }
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
