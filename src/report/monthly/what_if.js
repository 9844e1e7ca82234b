"use strict";
// What the month would cost with other volumes, in exact decimals: quantities in units of 10⁻¹², prices in 10⁻¹², amounts in 10⁻²⁴.
(() => {
  const tool = document.getElementById("what-if-tool");
  const data = JSON.parse(document.getElementById("what-if-data").textContent);
  const QUANTITY = 12, MONEY = 24;
  const WHOLE = 10n ** BigInt(QUANTITY);

  // Reads a decimal in units of 10^-scale; it has no more digits than that.
  const decimal = (text, scale) => {
    const [whole, fraction = ""] = text.replace("-", "").split(".");
    const units = BigInt(whole + fraction.padEnd(scale, "0"));
    return text.startsWith("-") ? -units : units;
  };
  const absolute = (own) => (own < 0n ? -own : own);
  // Divides by a positive number, half-even.
  const divide = (dividend, divisor) => {
    const size = absolute(dividend);
    const [quotient, rest] = [size / divisor, (size % divisor) * 2n];
    const up = rest > divisor || (rest === divisor && quotient % 2n === 1n);
    const own = up ? quotient + 1n : quotient;
    return dividend < 0n ? -own : own;
  };

  const pools = data.pools.map((pool) => ({
    ...pool,
    tiers: pool.tiers.map(([begin, price]) => ({ begin: decimal(begin, QUANTITY), price: decimal(price, QUANTITY) })),
    parts: pool.parts.map((part) => ({
      lever: part.lever,
      quantity: decimal(part.quantity, QUANTITY),
      remainders: part.remainders.map(([rest, count]) => [BigInt(rest), BigInt(count)]),
      cost: decimal(part.cost, MONEY),
    })),
  }));
  const total = decimal(data.total, MONEY);
  const levers = data.levers.map((own) => decimal(own, MONEY));

  // A quantity times a percentage. Each count is rounded half-even to a whole one; remainders by 200 tell how.
  const multiplied = (part, percent) => {
    if (percent === 100n) return part.quantity;
    let even = part.quantity, rounded = 0n;
    for (const [rest, count] of part.remainders) {
      even -= rest * count * WHOLE;
      rounded += divide(rest * percent, 100n) * count * WHOLE;
    }
    return divide(even * percent, 100n) + rounded;
  };
  // The cost of a quantity: each tier's part of it times the tier's price.
  const atTablePrices = (tiers, quantity) => {
    let cost = 0n;
    tiers.forEach(({ begin, price }, at) => {
      const end = at + 1 < tiers.length && tiers[at + 1].begin < quantity ? tiers[at + 1].begin : quantity;
      if (end > begin) cost += (end - begin) * price;
    });
    return cost;
  };
  const shares = (pool, quantities) => {
    const sum = quantities.reduce((one, two) => one + two, 0n);
    if (sum === 0n) return quantities.map(() => 0n);
    const cost = atTablePrices(pool.tiers, sum);
    return quantities.map((own) => divide(cost * own, sum));
  };
  for (const pool of pools) pool.before = shares(pool, pool.parts.map((part) => part.quantity));

  // What each slider's component costs, and all of it.
  const computed = (percents) => {
    const [costs, quantities] = [[...levers], []];
    let sum = total;
    for (const pool of pools) {
      const now = pool.parts.map((part) => (part.lever === null ? part.quantity : multiplied(part, percents[part.lever])));
      quantities.push(now);
      const after = shares(pool, now);
      pool.parts.forEach((part, at) => {
        if (pool.before[at] === 0n) return;
        const added = divide(part.cost * after[at], pool.before[at]) - part.cost;
        sum += added;
        if (part.lever !== null) costs[part.lever] += added;
      });
    }
    return { costs, sum, quantities };
  };

  // Rounds to cents half away from zero, in the currency that is shown.
  const cents = (amount) => {
    let own = amount;
    if (data.rate !== null) {
      const scale = (data.rate.split(".")[1] ?? "").length;
      own = divide(amount * decimal(data.rate, scale), 10n ** BigInt(scale));
    }
    const unit = 10n ** BigInt(MONEY - 2);
    const size = (absolute(own) + unit / 2n) / unit;
    return own < 0n ? -size : size;
  };
  const grouped = (digits) => {
    const pattern = data.digits === "indian" ? /(\d)(?=(\d\d)+\d$)/g : /(\d)(?=(\d{3})+$)/g;
    return digits.replace(pattern, `$1${data.group}`);
  };
  const money = (amount) => {
    const own = cents(amount);
    if (own === 0n && amount !== 0n) return amount < 0n ? `> −${data.prefix}0${data.point}01` : `< ${data.prefix}0${data.point}01`;
    const text = absolute(own).toString().padStart(3, "0");
    return `${own < 0n ? "−" : ""}${data.prefix}${grouped(text.slice(0, -2))}${data.point}${text.slice(-2)}`;
  };
  const change = (amount) => (amount > 0n ? `+${money(amount)}` : money(amount));

  // The quantities as a scenario, one volume for each Region; what is not at table prices is named and left out.
  const scenario = (quantities) => {
    const text = (own) => {
      const digits = own.toString().padStart(QUANTITY + 1, "0");
      const fraction = digits.slice(-QUANTITY).replace(/0+$/, "");
      return fraction ? `"${digits.slice(0, -QUANTITY)}.${fraction}"` : digits.slice(0, -QUANTITY);
    };
    const name = (own) => JSON.stringify(own);
    const volumes = new Map(), left = [];
    pools.forEach((pool, at) => {
      const sum = quantities[at].reduce((one, two) => one + two, 0n);
      if (pool.priced !== "table") left.push(`# ${data.words.left_out}: ${name(pool.usage_type)} ${name(pool.region)}`);
      else volumes.set(pool.region, [...(volumes.get(pool.region) ?? []), `${name(`${pool.service}:${pool.usage_type}`)} = ${text(sum)}`]);
    });
    const head = ["version = 1", `name = "What if, ${data.month}"`, `start = "${data.month}"`, "months = 36", `currency = "${data.currency}"`];
    const blocks = [...volumes].map(([region, usage]) =>
      ["", "[[volume]]", `account = "${data.account ?? "111122223333"}"`, `region = ${name(region)}`, `usage = { ${usage.join(", ")} }`].join("\n"));
    return [...head, ...left, ...blocks, ""].join("\n");
  };

  const field = (at) => document.getElementById(`lever-${at}-percent`);
  const slider = (at) => document.getElementById(`lever-${at}`);
  const percent = (at) => BigInt(field(at).value || "0");
  const said = tool.querySelector(".what-if-said");
  const show = (isSaid) => {
    const percents = levers.map((_, at) => percent(at));
    const own = computed(percents);
    levers.forEach((was, at) => {
      const cost = document.getElementById(`lever-${at}-cost`);
      cost.textContent = own.costs[at] === was ? money(was) : `${money(was)} → ${money(own.costs[at])}`;
      slider(at).setAttribute("aria-valuetext", `${percents[at]}%`);
    });
    for (const row of tool.querySelectorAll("tr[data-months]")) {
      const months = BigInt(row.dataset.months);
      const cells = row.querySelectorAll("td");
      cells[0].textContent = money(total * months);
      cells[1].textContent = money(own.sum * months);
      cells[2].textContent = change((own.sum - total) * months);
    }
    document.getElementById("what-if-scenario").value = scenario(own.quantities);
    if (isSaid) said.textContent = data.words.said.replace("{before}", money(total)).replace("{after}", money(own.sum)).replace("{change}", change(own.sum - total));
  };
  levers.forEach((_, at) => {
    slider(at).addEventListener("input", () => { field(at).value = slider(at).value; show(false); });
    field(at).addEventListener("input", () => {
      // Whole percents only: what is typed beyond is cut.
      const typed = field(at).value.replace(/\D.*$/, "").slice(0, 5);
      if (typed !== field(at).value) field(at).value = typed;
      slider(at).value = typed || "0";
      show(false);
    });
    for (const own of [slider(at), field(at)]) own.addEventListener("change", () => show(true));
  });
  document.getElementById("what-if-reset").addEventListener("click", () => {
    levers.forEach((_, at) => { field(at).value = "100"; slider(at).value = "100"; });
    show(true);
  });
  document.getElementById("what-if-copy").addEventListener("click", async () => {
    const text = document.getElementById("what-if-scenario");
    text.select();
    let isCopied = true;
    // Where the page may not write to the clipboard, the text is selected, ready to be copied by hand.
    try { await navigator.clipboard.writeText(text.value); } catch { isCopied = false; }
    document.getElementById("what-if-copied").textContent = isCopied ? data.words.copied : data.words.not_copied;
  });
  tool.hidden = false;
  show(false);
})();
