"""Medians of runs, and the tables that show them."""
import statistics

ADDED_UP = ("lost", "late", "wrong", "repeated", "answered")  # none may be hidden by a median


def summary_of(runs):
    """Medians field by field, with the least and the most of the rates."""
    middle = {}
    for key, value in runs[0].items():
        if key in ADDED_UP:
            middle[key] = sum(run[key] for run in runs)
        elif isinstance(value, dict):
            middle[key] = {name: statistics.median(run[key][name] for run in runs) for name in value}
        else:
            middle[key] = statistics.median(run[key] for run in runs)
    rates = [run["requests_per_second"] for run in runs]
    middle["requests_per_second_range"] = [min(rates), max(rates)]
    middle["cpu_us_served"] = statistics.median(served_cpu(run) for run in runs)
    middle["cpu_us_served_range"] = [min(map(served_cpu, runs)), max(map(served_cpu, runs))]
    return middle


def served_cpu(run):
    return sum(value for name, value in run["cpu_us_per_request"].items() if name != "load_generator")


def is_within(figures, bounds):
    return (figures["cpu_us_served"] <= bounds.cpu_us and figures["latency_p99_us"] <= bounds.p99_us and
            figures["requests_per_second"] >= bounds.requests_per_second)


def bound_text(figures, bounds):
    if bounds is None:
        return ""
    words = [f"{bounds.cpu_us:g} µs"]
    if bounds.p99_us != float("inf"):
        words.append(f"p99 {bounds.p99_us / 1000:g} ms")
    if bounds.requests_per_second:
        words.append(f"{bounds.requests_per_second // 1000:g}k/s")
    return ", ".join(words) + (" ok" if is_within(figures, bounds) else " OVER")


def print_columns(rows, left=2):
    """The first row heads the columns; the first `left` columns are words."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [cell.ljust(width) if column < left else cell.rjust(width)
                 for column, (cell, width) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())


def print_measurements(measurements, bounds):
    rows = [("", "", "req/s", "(min-max)", "p50 µs", "p99 µs", "CPU µs", "server", "redis", "generator", "others",
             "repeated", "lost", "wrong", "at most")]
    for figures in measurements.values():
        cpu = figures["cpu_us_per_request"]
        low, high = figures["requests_per_second_range"]
        of = figures["name"], figures["subject"]
        rows.append((*of, f"{figures['requests_per_second']:,.0f}", f"({low:,.0f}-{high:,.0f})",
                     f"{figures['latency_p50_us']:,.0f}", f"{figures['latency_p99_us']:,.0f}",
                     f"{figures['cpu_us_served']:.1f}", f"{cpu['server']:.1f}",
                     f"{cpu['redis']:.1f}" if "redis" in cpu else "-", f"{cpu['load_generator']:.1f}",
                     f"{figures['others_cores']:.2f}", str(figures["repeated"]), str(figures["lost"]),
                     str(figures["wrong"]), bound_text(figures, bounds.get(of))))
    print_columns(rows)


def print_overload(overload, at_least):
    if not overload:
        return
    rows = [("overload", "", "served/s alone", "offered/s", "served/s in time", "goodput", "p99 µs", "wrong", "at least")]
    for name, figures in overload.items():
        rows.append((name, "", f"{figures['alone_per_second']:,.0f}", f"{figures['sent_per_second']:,.0f}",
                     f"{figures['requests_per_second']:,.0f}", f"{figures['goodput']:.2f}",
                     f"{figures['latency_p99_us']:,.0f}", str(figures["wrong"]),
                     f"{at_least:g} {'ok' if figures['goodput'] >= at_least else 'UNDER'}"))
    print()
    print_columns(rows)
