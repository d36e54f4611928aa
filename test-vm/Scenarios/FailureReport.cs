using System.Text;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Serial;
using Atoll.TestVm.Symbols;

namespace Atoll.TestVm.Scenarios;

/// <summary>Everything a person needs to understand a failed boot: why, the command line, the console's tail, the panic.</summary>
public static class FailureReport
{
    /// <summary>Lines of the serial console that are shown.</summary>
    public const int TailLines = 30;

    /// <summary>Writes the report.</summary>
    public static string Write(VmOutcome outcome, IReadOnlyList<string> unmet, SymbolMap symbols)
    {
        var text = new StringBuilder();
        foreach (string line in unmet)
        {
            text.AppendLine(line);
        }

        text.AppendLine(outcome.Ending);
        text.Append("command line: ").AppendLine(outcome.Settings.CommandLine);
        if (outcome.EmulatorErrors.Length > 0)
        {
            text.Append("QEMU says: ").AppendLine(outcome.EmulatorErrors);
        }

        foreach (string line in Panics(outcome.Records, symbols))
        {
            text.AppendLine(line);
        }

        AppendTail(text, outcome.Lines);
        return text.ToString().TrimEnd();
    }

    /// <summary>Each panic with the functions that it came through, a line each.</summary>
    public static IEnumerable<string> Panics(IEnumerable<SerialRecord> records, SymbolMap symbols)
    {
        foreach (SerialRecord record in records)
        {
            if (record.Name == "panic")
            {
                yield return $"panic on core {record["core"]}: {record["reason"]}"
                    + $", vector {record["vector"]}, error {record["error"]}, cr2 {record["cr2"]}";
            }
            else if (record.Name == "frame" && record.TryNumber("address", out ulong address))
            {
                bool innermost = record["index"] == "0";
                string place = innermost ? symbols.Describe(address) : symbols.DescribeReturn(address);
                yield return $"  core {record["core"]} #{record["index"]} {place}";
            }
        }
    }

    private static void AppendTail(StringBuilder text, IReadOnlyList<string> lines)
    {
        text.AppendLine(lines.Count == 0 ? "serial console: nothing" : "serial console, last lines:");
        foreach (string line in lines.TakeLast(TailLines))
        {
            text.Append("  | ").AppendLine(line);
        }
    }
}
