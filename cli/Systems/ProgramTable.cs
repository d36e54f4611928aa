using System.Text;
using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Manifests;
using Atoll.Linker.Toml;

namespace Atoll.Cli.Systems;

/// <summary>Reads the table of one program: <c>[[program]]</c>.</summary>
internal sealed class ProgramTable(TomlSection section, DiagnosticBag findings)
{
    private const byte PriorityUsual = 100;

    /// <summary>As much as Init itself has at a time; without a budget a program has turns of this length.</summary>
    private const uint TurnMicroseconds = 10_000;

    // kernel/Syscall/Operations/SchedulingControlOperations.cs: what the kernel takes.
    private const long BudgetMicrosecondsMin = 10;
    private const long PeriodMicrosecondsMax = 3_600_000_000;

    private const uint RestartsUsual = 5;
    private const uint RestartWindowUsual = 60;
    private const long LinesMax = 1024;
    private const string Every = "every";

    /// <summary>What must be allowed by the system, whatever a manifest says.</summary>
    public static IReadOnlyList<GrantKind> Powers { get; } =
        [GrantKind.Machine, GrantKind.Cores, GrantKind.Connects, GrantKind.Figures, GrantKind.Scheduling, GrantKind.Space, GrantKind.Thread, GrantKind.Devices];

    private readonly SectionReader _reader = new(section, "a program of a system", findings);

    /// <summary>Reads it.</summary>
    public ProgramDescription Read()
    {
        string name = _reader.RequiredName("name") ?? "";
        string image = _reader.Name("image") ?? name;
        SourceLine imagePlace = _reader.PlaceOf(_reader.Has("image") ? "image" : "name");
        (uint budget, uint period) = ReadTime();
        (RestartPolicy restart, uint restarts, uint window) = ReadRestart();
        ProgramDescription program = new(
            name, new Placed<string>(image, imagePlace), new Placed<int?>(ReadCore(), _reader.PlaceOf("core")), section.Place)
        {
            Priority = (byte)(_reader.Number("priority", 1, byte.MaxValue) ?? PriorityUsual),
            BudgetMicroseconds = budget,
            PeriodMicroseconds = period,
            Restart = restart,
            RestartsMax = restarts,
            RestartWindowSeconds = window,
            FaultsTo = _reader.Name("faults_to") is { } watcher ? new Placed<string>(watcher, _reader.PlaceOf("faults_to")) : null,
            Arguments = ReadArguments(),
            ArgumentsPlace = _reader.PlaceOf("arguments"),
            MemoryKib = ReadMemory(),
            Allowed = [.. ReadAllowed()],
            Given =
            [
                .. Things("ports", ReadPorts), .. Things("interrupts", ReadInterrupt), .. Things("regions", ReadRegion),
                .. Things("devices", ReadDevice), .. Things("frames", ReadFrames),
            ],
        };
        _reader.Finish();
        return program;
    }

    private int? ReadCore()
    {
        switch (_reader.Raw("core")?.Content)
        {
            case null when !_reader.Has("core"):
                return 0;
            case long:
                return (int)(_reader.Number("core", 0, Verbs.CheckedOption.CoresMax - 1) ?? 0);
            case string word:
                if (word != Every)
                {
                    _reader.ReportWord(word, [Every], _reader.PlaceOf("core"));
                }

                return null;
            default:
                findings.Report(
                    DescriptionDiagnostics.WrongKind, "'core' must be a number or \"every\".", source: _reader.PlaceOf("core"));
                return 0;
        }
    }

    private (uint Budget, uint Period) ReadTime()
    {
        long? budget = _reader.Number("budget_us", BudgetMicrosecondsMin, PeriodMicrosecondsMax);
        long? period = _reader.Number("period_us", BudgetMicrosecondsMin, PeriodMicrosecondsMax);
        bool hasBoth = _reader.Has("budget_us") && _reader.Has("period_us");
        if (_reader.Has("budget_us") != _reader.Has("period_us"))
        {
            (string here, string missing) = _reader.Has("budget_us") ? ("budget_us", "period_us") : ("period_us", "budget_us");
            Report(DescriptionDiagnostics.BudgetUnclear, $"There is '{here}', but no '{missing}'.", _reader.PlaceOf(here));
        }
        else if (hasBoth && budget > period)
        {
            Report(DescriptionDiagnostics.BudgetUnclear, $"The budget of {budget} is longer than its period of {period}.", _reader.PlaceOf("budget_us"));
        }

        return ((uint)(budget ?? TurnMicroseconds), (uint)(period ?? TurnMicroseconds));
    }

    private (RestartPolicy Policy, uint Most, uint Window) ReadRestart()
    {
        bool isRestarted = _reader.Word("restart", ["never", "on-fault"]) == "on-fault";
        long most = _reader.Number("restarts", 1, 1_000_000) ?? RestartsUsual;
        long window = _reader.Number("restart_window_s", 1, 86_400) ?? RestartWindowUsual;
        foreach (string key in (string[])["restarts", "restart_window_s"])
        {
            if (!isRestarted && _reader.Has(key))
            {
                Report(DescriptionDiagnostics.RestartUnclear, $"There is '{key}', and the program is never restarted.", _reader.PlaceOf(key));
            }
        }

        return isRestarted ? (RestartPolicy.OnFault, (uint)most, (uint)window) : (RestartPolicy.Never, 0, 0);
    }

    private string ReadArguments()
    {
        string arguments = _reader.Text("arguments") ?? "";
        int bytes = Encoding.UTF8.GetByteCount(arguments);
        if (bytes > ProgramArguments.SizeBytes)
        {
            Report(
                DescriptionDiagnostics.ArgumentsTooLong,
                $"The arguments have {bytes} bytes, of at most {ProgramArguments.SizeBytes}.",
                _reader.PlaceOf("arguments"));
        }

        return arguments;
    }

    private Placed<long>? ReadMemory()
    {
        if (_reader.Number("memory_kib", 1 << (ProgramMemory.BitsMin - 10), 1 << (ProgramMemory.BitsMax - 10)) is not { } kib)
        {
            return null;
        }

        if (!long.IsPow2(kib))
        {
            Report(DescriptionDiagnostics.OutOfRange, $"'memory_kib' is {kib}, and memory comes in powers of two.", _reader.PlaceOf("memory_kib"));
        }

        return new Placed<long>(kib, _reader.PlaceOf("memory_kib"));
    }

    private IEnumerable<Placed<GrantKind>> ReadAllowed()
    {
        string[] words = [.. Powers.Select(NeedKinds.WordOf)];
        HashSet<string> seen = [];
        foreach ((string word, SourceLine place) in _reader.Texts("allow"))
        {
            if (!words.Contains(word))
            {
                _reader.ReportWord(word, words, place);
            }
            else if (!seen.Add(word))
            {
                Report(DescriptionDiagnostics.DuplicateName, $"'{word}' is allowed twice.", place);
            }
            else
            {
                yield return new Placed<GrantKind>(NeedKinds.Of(word), place);
            }
        }
    }

    /// <summary>The entries of a table whose keys are names of needs.</summary>
    private IEnumerable<GivenThing> Things(string key, Func<string, SectionReader, GivenThing?> read)
    {
        foreach (TomlEntry entry in _reader.Section(key)?.Entries ?? [])
        {
            if (entry.Value.Content is not TomlSection inner)
            {
                Report(DescriptionDiagnostics.WrongKind, $"'{entry.Name}' is {entry.Value.Kind}, and must be a table.", entry.Value.Place);
                continue;
            }

            SectionReader reader = new(inner, $"an entry of '{key}'", findings);
            GivenThing? thing = read(entry.Name, reader);
            reader.Finish();
            if (thing is not null)
            {
                yield return thing with { Place = entry.Place };
            }
        }
    }

    private GivenPorts? ReadPorts(string need, SectionReader reader)
    {
        long? first = reader.RequiredNumber("first", 0, ushort.MaxValue);
        long? last = reader.RequiredNumber("last", 0, ushort.MaxValue);
        if (last < first)
        {
            Report(DescriptionDiagnostics.PortsDiffer, $"The last port 0x{last:x} lies before the first, 0x{first:x}.", reader.PlaceOf("last"));
        }

        return first is { } from && last is { } to && from <= to ? new GivenPorts(need, (ushort)from, (ushort)to, reader.Place) : null;
    }

    private GivenInterrupt? ReadInterrupt(string need, SectionReader reader)
    {
        long? line = reader.RequiredNumber("line", 0, LinesMax - 1);
        bool isLevel = reader.Word("trigger", ["edge", "level"]) == "level";
        bool isLow = reader.Word("polarity", ["high", "low"]) == "low";
        return line is { } number ? new GivenInterrupt(need, (uint)number, isLevel, isLow, reader.Place) : null;
    }

    private GivenRegion? ReadRegion(string need, SectionReader reader)
    {
        string? region = reader.RequiredName("region");
        long? at = reader.RequiredNumber("at", 0, (long)UserSpace.End);
        MapRights rights = reader.Word("rights", ["r", "rw"]) == "r" ? MapRights.Read : MapRights.ReadWrite;
        return region is not null && at is { } address
            ? new GivenRegion(
                need,
                new Placed<string>(region, reader.PlaceOf("region")),
                new Placed<ulong>((ulong)address, reader.PlaceOf("at")),
                rights,
                reader.Place)
            : null;
    }

    private GivenDevice? ReadDevice(string need, SectionReader reader)
    {
        // Configuration space reads as ones where no device is (PCI Local Bus Specification 3.0, "Device Identification").
        long? vendor = reader.RequiredNumber("vendor", 1, ushort.MaxValue - 1);
        long? device = reader.RequiredNumber("device", 0, ushort.MaxValue);
        long which = reader.Number("which", 0, byte.MaxValue) ?? 0;
        return vendor is { } maker && device is { } made ? new GivenDevice(need, (ushort)maker, (ushort)made, (ushort)which, reader.Place) : null;
    }

    private static GivenFrames? ReadFrames(string need, SectionReader reader)
    {
        string? region = reader.RequiredName("region");
        CapabilityRights rights = reader.Word("rights", ["r", "rw"]) switch
        {
            "r" => CapabilityRights.Read,
            "rw" => CapabilityRights.Read | CapabilityRights.Write,
            _ => CapabilityRights.None,
        };
        return region is not null ? new GivenFrames(need, new Placed<string>(region, reader.PlaceOf("region")), rights, reader.Place) : null;
    }

    private void Report(DiagnosticDescriptor kind, string what, SourceLine place) => findings.Report(kind, what, source: place);
}
