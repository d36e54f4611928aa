using System.Globalization;
using Atoll.TestVm.Serial;

namespace Atoll.Cli.Running;

/// <summary>Turns the records of a boot into what a person wants to know of it: phases and instances.</summary>
/// <param name="isIcount">Whether the TSC counts instructions rather than time.</param>
public sealed class BootStory(bool isIcount)
{
    private const string LastPhase = "linked";

    private readonly List<(string Name, ulong Tsc)> _phases = [];
    private readonly List<string> _instances = [];
    private ulong _tscHz;

    /// <summary>Whether the last phase has ended.</summary>
    public bool IsComplete => _phases.Any(phase => phase.Name == LastPhase);

    /// <summary>Takes one record; those that are not about the boot, or are malformed, are passed over.</summary>
    public void Add(SerialRecord record)
    {
        switch (record.Name)
        {
            case "boot" when record.TryNumber("tsc", out ulong tsc):
                _phases.Add((record["phase"], tsc));
                break;
            case "clock":
                record.TryNumber("tsc-hz", out _tscHz);
                break;
            case "instance" when record.TryNumber("pages", out ulong pages):
                _instances.Add(
                    $"core {record["core"],3}  {record["state"]}, {pages * 4} KiB of its own at {record["base"]}, APIC id {record["apic"]}");
                break;
            case "start-failed":
                _instances.Add($"core {record["core"],3}  failed: {record["reason"]}; its memory is free again");
                break;
        }
    }

    /// <summary>The story so far, line by line.</summary>
    public IEnumerable<string> Lines()
    {
        ulong before = 0;
        foreach ((string name, ulong tsc) in _phases)
        {
            // The counter begins with the machine, so what comes before the first phase is the firmware's.
            string label = before == 0 ? $"{name} (with firmware)" : name;
            yield return $"boot  {label,-24} {Cost(tsc - ulong.Min(before, tsc))}";
            before = tsc;
        }

        foreach (string instance in _instances)
        {
            yield return instance;
        }
    }

    private string Cost(ulong ticks) => isIcount
        ? string.Create(CultureInfo.InvariantCulture, $"{ticks,14:N0} instructions")
        : _tscHz == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{ticks,14:N0} ticks")
            : string.Create(CultureInfo.InvariantCulture, $"{ticks * 1000.0 / _tscHz,10:0.000} ms");
}
