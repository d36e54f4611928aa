using System.Globalization;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;
using Atoll.TestVm.Scenarios;
using Atoll.TestVm.Symbols;

namespace Atoll.Bench.Net;

/// <summary>A machine with a network card, whose work is counted.</summary>
public sealed class NetMachine : IDisposable
{
    private const string Unit = " bytes";

    private readonly ExecutionLog _log = new();
    private readonly GuestTerminal _terminal;
    private readonly VmNetwork _network;
    private readonly IReadOnlyList<GuestPort> _ports;
    private readonly HashSet<ulong> _entries;
    private readonly ProgramCode[] _programs;

    /// <summary>Boots a system whose program listens on ports, and waits until it does.</summary>
    /// <param name="setup">What is measured.</param>
    /// <param name="system">The system.</param>
    /// <param name="program">Image of the program.</param>
    /// <param name="ports">The ports.</param>
    /// <param name="cores">Cores of the machine.</param>
    /// <exception cref="BenchmarkException">It does not.</exception>
    public NetMachine(BenchmarkSetup setup, string system, string program, IReadOnlyList<GuestPort> ports, int cores = 1)
    {
        _ports = ports;
        _network = VmNetwork.Of(ports) with { WorksAtOnce = true };
        _entries = [.. SymbolMap.BesideImage(setup.ImagePath).AddressesOf(IsEntry)];
        Programs = ["virtio-net", "net", program];
        _programs = [.. Programs.Select(name => ProgramCode.Read(name, $"artifacts/programs/{name}.elf"))];
        VmSettings settings = new()
        {
            ImagePath = setup.ImagePath,
            ModulePath = $"artifacts/systems/{system}.bundle",
            Cores = cores,
            MemoryMiB = 128 + (32 * (cores - 1)),
            Icount = true,
            SleepsInHostTime = true,
            Network = _network,
            LogsExecution = true,
            BootParameters = $"end=never grant={(cores == 1 ? 16 : 32)} console=program",
            TimeLimit = TimeSpan.FromMinutes(10),
        };
        _terminal = new GuestTerminal(settings, ScenarioRun.BootLimit(cores));
        if (!_terminal.WaitUntilHeard(system == "spread" ? $"{program}-0: listening" : $"{program}: listening"))
        {
            string heard = _terminal.Heard;
            Dispose();
            throw new BenchmarkException($"'{program}' does not listen; heard last: {heard[int.Max(0, heard.Length - 300)..]}");
        }
    }

    /// <summary>Programs that a packet goes through, from the card on.</summary>
    public IReadOnlyList<string> Programs { get; }

    /// <summary>The host's port that leads to one of the program's.</summary>
    public int HostPort(int index) => _network.HostPort(_ports[index]);

    /// <summary>Counts what the machine executes while the host does something with it.</summary>
    public ExecutedWork Count(Action action) => ExecutedWork.Count(_log.Record(_terminal.Machine.Qmp, action), _entries.Contains, _programs);

    /// <summary>Bytes that a connection takes in the stack, as it says itself: state, both buffers, places in tables and queues.</summary>
    /// <exception cref="BenchmarkException">It does not say so.</exception>
    public int ConnectionBytes()
    {
        _terminal.Type("net\r");
        string? told = _terminal.ReadUntil(" connections, each ") is null ? null : _terminal.ReadUntil(Unit);
        return int.TryParse(told?[..^Unit.Length], CultureInfo.InvariantCulture, out int bytes)
            ? bytes
            : throw new BenchmarkException("the stack does not say what a connection takes");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _terminal.Machine.Stop();
        _terminal.Dispose();
        _log.Dispose();
    }

    // docs/image.md, "Symbols": what ring 3, a device and the timer enter.
    private static bool IsEntry(string name) =>
        name == "syscall_entry" || name.StartsWith("interrupt_entry_", StringComparison.Ordinal);
}
