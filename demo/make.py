#!/usr/bin/env python3
"""Makes customers, orders, invoices and payments from the Sakila dump and example phone numbers.

    python3 demo/make.py SAKILA_FOLDER PHONE_EXAMPLES.csv

SAKILA_FOLDER holds `postgres-sakila-insert-data-using-copy.sql` of jOOQ/sakila. The phone file has
the columns region, type and international; the first mobile number of a region counts.
What is changed on the way and why: README.md beside this file. Standard library only.
"""

import collections
import csv
import decimal
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
DUMP = "postgres-sakila-insert-data-using-copy.sql"

# Sakila's country names as ISO 3166-1 codes. "Runion" is Réunion (the dump lost its accents), and
# both Yugoslav cities of the dump, Kragujevac and Novi Sad, lie in Serbia.
COUNTRIES = {
    "Afghanistan": "AF", "Algeria": "DZ", "American Samoa": "AS", "Angola": "AO", "Anguilla": "AI",
    "Argentina": "AR", "Armenia": "AM", "Australia": "AU", "Austria": "AT", "Azerbaijan": "AZ",
    "Bahrain": "BH", "Bangladesh": "BD", "Belarus": "BY", "Bolivia": "BO", "Brazil": "BR",
    "Brunei": "BN", "Bulgaria": "BG", "Cambodia": "KH", "Cameroon": "CM", "Canada": "CA",
    "Chad": "TD", "Chile": "CL", "China": "CN", "Colombia": "CO",
    "Congo, The Democratic Republic of the": "CD", "Czech Republic": "CZ",
    "Dominican Republic": "DO", "Ecuador": "EC", "Egypt": "EG", "Estonia": "EE", "Ethiopia": "ET",
    "Faroe Islands": "FO", "Finland": "FI", "France": "FR", "French Guiana": "GF",
    "French Polynesia": "PF", "Gambia": "GM", "Germany": "DE", "Greece": "GR", "Greenland": "GL",
    "Holy See (Vatican City State)": "VA", "Hong Kong": "HK", "Hungary": "HU", "India": "IN",
    "Indonesia": "ID", "Iran": "IR", "Iraq": "IQ", "Israel": "IL", "Italy": "IT", "Japan": "JP",
    "Kazakstan": "KZ", "Kenya": "KE", "Kuwait": "KW", "Latvia": "LV", "Liechtenstein": "LI",
    "Lithuania": "LT", "Madagascar": "MG", "Malawi": "MW", "Malaysia": "MY", "Mexico": "MX",
    "Moldova": "MD", "Morocco": "MA", "Mozambique": "MZ", "Myanmar": "MM", "Nauru": "NR",
    "Nepal": "NP", "Netherlands": "NL", "New Zealand": "NZ", "Nigeria": "NG", "North Korea": "KP",
    "Oman": "OM", "Pakistan": "PK", "Paraguay": "PY", "Peru": "PE", "Philippines": "PH",
    "Poland": "PL", "Puerto Rico": "PR", "Romania": "RO", "Runion": "RE",
    "Russian Federation": "RU", "Saint Vincent and the Grenadines": "VC", "Saudi Arabia": "SA",
    "Senegal": "SN", "Slovakia": "SK", "South Africa": "ZA", "South Korea": "KR", "Spain": "ES",
    "Sri Lanka": "LK", "Sudan": "SD", "Sweden": "SE", "Switzerland": "CH", "Taiwan": "TW",
    "Tanzania": "TZ", "Thailand": "TH", "Tonga": "TO", "Tunisia": "TN", "Turkey": "TR",
    "Turkmenistan": "TM", "Tuvalu": "TV", "Ukraine": "UA", "United Arab Emirates": "AE",
    "United Kingdom": "GB", "United States": "US", "Venezuela": "VE", "Vietnam": "VN",
    "Virgin Islands, U.S.": "VI", "Yemen": "YE", "Yugoslavia": "RS", "Zambia": "ZM",
}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tables = read_dump(pathlib.Path(sys.argv[1]) / DUMP)
    phones = read_phones(sys.argv[2])
    rentals = {row["rental_id"]: row for row in tables["rental"]}
    amounts, figures = sum_payments(tables["payment"], rentals)
    places = places_by_address(tables)
    write_customers(tables["customer"], rentals, places, phones)
    write_orders(tables, rentals, amounts, places)
    write_invoices(tables, rentals, amounts)
    write_payments(tables["payment"])
    for name, value in figures.items():
        print(f"{name}: {value}")


def read_dump(path):
    """The rows of every COPY block, by table."""
    tables, rows, columns = {}, None, []
    with open(path, encoding="utf-8") as dump:
        for line in dump:
            line = line.rstrip("\n")
            if rows is None:
                head = re.fullmatch(r"COPY public\.(\w+) \((.*)\) FROM stdin;", line)
                if head:
                    rows = tables.setdefault(head[1], [])
                    columns = head[2].split(", ")
            elif line == "\\.":
                rows = None
            else:
                rows.append(dict(zip(columns, line.split("\t"), strict=True)))
    return tables


def read_phones(path):
    """One mobile number per region, in international writing."""
    phones = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["type"] == "MOBILE":
                phones.setdefault(row["region"], row["international"])
    return phones


def sum_payments(payments, rentals):
    """What each rental cost its own customer, and figures that must add up."""
    amounts = {rental: decimal.Decimal(0) for rental in rentals}
    own = collections.Counter()
    foreign_count, foreign_sum = 0, decimal.Decimal(0)
    for payment in payments:
        amount = decimal.Decimal(payment["amount"])
        rental = rentals[payment["rental_id"]]
        if rental["customer_id"] == payment["customer_id"]:
            amounts[rental["rental_id"]] += amount
            own[rental["rental_id"]] += 1
        else:
            foreign_count += 1
            foreign_sum += amount
    total = sum((decimal.Decimal(p["amount"]) for p in payments), decimal.Decimal(0))
    ordered = sum(amounts.values(), decimal.Decimal(0))
    assert len(own) == len(rentals), "a rental without a payment of its customer"
    assert sum(own.values()) + foreign_count == len(payments)
    assert ordered + foreign_sum == total
    return amounts, {
        "rentals": len(rentals),
        "payments": len(payments),
        "sum of all payments": total,
        "sum of all orders": ordered,
        "payments for another customer's rental": f"{foreign_count}, {foreign_sum}",
        "rentals with two payments": [rental for rental, count in own.items() if count > 1],
        "orders of 0.00": sum(amount == 0 for amount in amounts.values()),
    }


def places_by_address(tables):
    """Street, postcode, city and country code of every address."""
    countries = {row["country_id"]: COUNTRIES[row["country"]] for row in tables["country"]}
    cities = {row["city_id"]: row for row in tables["city"]}
    places = {}
    for row in tables["address"]:
        city = cities[row["city_id"]]
        places[row["address_id"]] = {
            "address_line1": row["address"].strip(),
            "postcode": row["postal_code"].strip(),
            "city": city["city"].strip(),
            "country": countries[city["country_id"]],
        }
    return places


def write_customers(customers, rentals, places, phones):
    first_rental = {}
    for rental in rentals.values():
        known = first_rental.get(rental["customer_id"], rental["rental_date"])
        first_rental[rental["customer_id"]] = min(known, rental["rental_date"])
    taken = set()
    rows = []
    for customer in sorted(customers, key=lambda row: int(row["customer_id"])):
        place = places[customer["address_id"]]
        country = place["country"]
        rows.append({
            "external_id": customer["customer_id"],
            "type": "person",
            "first_name": normal_case(customer["first_name"]),
            "last_name": normal_case(customer["last_name"]),
            "email": customer["email"].lower(),
            "phone": next_free(phones[country], taken),
            "phone_made_up": "yes",
            "address_line1": place["address_line1"],
            "city": place["city"],
            "postcode": place["postcode"],
            "country": country,
            "tags": f"store-{customer['store_id']}",
            "created_at": first_rental[customer["customer_id"]],
        })
    write(HERE / "customers.csv", rows)


def write_orders(tables, rentals, amounts, places):
    film_of = {row["inventory_id"]: row["film_id"] for row in tables["inventory"]}
    titles = {row["film_id"]: row["title"] for row in tables["film"]}
    countries = {
        row["customer_id"]: places[row["address_id"]]["country"] for row in tables["customer"]
    }
    by_date = sorted(rentals.values(), key=lambda row: (row["rental_date"], int(row["rental_id"])))
    write(HERE / "orders.csv", [
        {
            "invoice_number": rental["rental_id"],
            "item_code": film_of[rental["inventory_id"]],
            "description": normal_case(titles[film_of[rental["inventory_id"]]]),
            "quantity": 1,
            "invoice_date": rental["rental_date"],
            "unit_price": amounts[rental["rental_id"]],
            "customer_id": rental["customer_id"],
            "country": countries[rental["customer_id"]],
        }
        for rental in by_date
    ])


def write_invoices(tables, rentals, amounts):
    film_of = {row["inventory_id"]: row["film_id"] for row in tables["inventory"]}
    titles = {row["film_id"]: row["title"] for row in tables["film"]}
    by_date = sorted(rentals.values(), key=lambda row: (row["rental_date"], int(row["rental_id"])))
    write(HERE / "invoices.csv", [
        {
            "invoice_number": f"R{rental['rental_id']}",
            "order_number": rental["rental_id"],
            "item_code": film_of[rental["inventory_id"]],
            "description": normal_case(titles[film_of[rental["inventory_id"]]]),
            "quantity": 1,
            "invoice_date": rental["rental_date"],
            "due_date": rental["rental_date"],
            "unit_price": amounts[rental["rental_id"]],
            "customer_id": rental["customer_id"],
        }
        for rental in by_date
    ])


def write_payments(payments):
    by_date = sorted(payments, key=lambda row: (row["payment_date"], int(row["payment_id"])))
    write(HERE / "payments.csv", [
        {
            "payment_number": payment["payment_id"],
            "customer_id": payment["customer_id"],
            "invoice_number": f"R{payment['rental_id']}",
            "amount": payment["amount"],
            "payment_date": payment["payment_date"],
        }
        for payment in by_date
    ])


def normal_case(text):
    """MARY SMITH as Mary Smith, MCDONALD as McDonald, OBRIEN as O'Brien."""
    def word(capitals):
        if capitals == "OBRIEN":
            return "O'Brien"
        if capitals.startswith("MC") and len(capitals) > 3:
            return "Mc" + capitals[2:].capitalize()
        return capitals.capitalize()
    return " ".join(word(part) for part in text.split())


def next_free(example, taken):
    """The example number, counted up until nobody has it, written as the example is."""
    number = int("".join(c for c in example if c.isdigit()))
    while number in taken:
        number += 1
    taken.add(number)
    digits = iter(str(number))
    return "".join(next(digits) if c.isdigit() else c for c in example)


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} rows, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
