using System;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Shell;

/// <summary>Whom the shell can ask.</summary>
internal readonly struct Surroundings
{
    private const uint ColumnsUsual = 80;
    private const uint ColumnsWide = 64;
    private const int WritesMax = 2;

    private const ulong MicrosecondsPerSecond = 1_000_000;

    private readonly uint _watch;
    private readonly uint _machine;
    private readonly uint _memory;
    private readonly uint _names;
    private readonly uint _devices;
    private readonly uint _network;
    private readonly uint _coordinator;
    private readonly ulong _tscHz;

    internal Surroundings(in ProgramStart start)
    {
        Console = new ConsoleClient(start.Find("console"u8));
        System = new SystemClient(start.Find("system"u8));
        Figures = new InstanceFigures(start.Find("figures"u8));
        _watch = start.Find("watch"u8);
        _machine = start.Find("machine"u8);
        _memory = start.Find("memory"u8);
        _names = start.Find("names"u8);
        _devices = start.Find("devices"u8);
        _network = start.Find("network"u8);
        _coordinator = start.Find("cores"u8);
        _tscHz = start.TscHz;
        Core = start.Core;
        Cores = start.Cores;
    }

    /// <summary>The person.</summary>
    internal ConsoleClient Console { get; }

    /// <summary>Init.</summary>
    internal SystemClient System { get; }

    /// <summary>The kernel's figures.</summary>
    internal InstanceFigures Figures { get; }

    /// <summary>The supervisor; asked only when <see cref="HasWatch"/>.</summary>
    internal WatchClient Watch => new(_watch);

    /// <summary>Whether there is a supervisor.</summary>
    internal bool HasWatch => _watch != ProgramSlot.Null;

    /// <summary>Who gives memory by quota; asked only when <see cref="HasMemory"/>.</summary>
    internal MemoryClient Memory => new(_memory);

    /// <summary>Whether somebody gives memory by quota.</summary>
    internal bool HasMemory => _memory != ProgramSlot.Null;

    /// <summary>Who knows servers by name; asked only when <see cref="HasNames"/>.</summary>
    internal NamesClient Names => new(_names);

    /// <summary>Whether somebody knows servers by name.</summary>
    internal bool HasNames => _names != ProgramSlot.Null;

    /// <summary>Who hands devices out; asked only when <see cref="HasDevices"/>.</summary>
    internal PciClient Devices => new(_devices);

    /// <summary>Whether somebody hands devices out.</summary>
    internal bool HasDevices => _devices != ProgramSlot.Null;

    /// <summary>The network's stack, to look at; asked only when <see cref="HasNetwork"/>.</summary>
    internal NetworkClient Network => new(_network);

    /// <summary>Whether there is a stack that it may look at.</summary>
    internal bool HasNetwork => _network != ProgramSlot.Null;

    /// <summary>Who decides what becomes of the machine's cores; asked only when <see cref="HasCoordinator"/>.</summary>
    internal CoresClient Coordinator => new(_coordinator);

    /// <summary>Whether somebody decides that.</summary>
    internal bool HasCoordinator => _coordinator != ProgramSlot.Null;

    /// <summary>The end of the machine; refused when the system does not give it.</summary>
    internal InstanceFigures Machine => new(_machine);

    /// <summary>The core.</summary>
    internal uint Core { get; }

    /// <summary>Cores of the machine.</summary>
    internal uint Cores { get; }

    /// <summary>Microseconds that so many TSC ticks take.</summary>
    internal ulong Microseconds(ulong ticks)
    {
        ulong perMicrosecond = _tscHz / MicrosecondsPerSecond;
        return perMicrosecond == 0 ? 0 : ticks / perMicrosecond;
    }

    /// <summary>Whether the terminal has room for every column.</summary>
    internal bool IsWide => (Console.Columns(out uint columns) == CallResult.Ok ? columns : ColumnsUsual) >= ColumnsWide;

    /// <summary>Writes text.</summary>
    internal void Print(ref readonly TextBuffer text) => Print(TextBuffer.View(in text));

    /// <summary>Writes text. A console that is being restarted gets it once more.</summary>
    internal void Print(ReadOnlySpan<byte> text)
    {
        for (int attempt = 0; attempt < WritesMax; attempt++)
        {
            if (Console.Write(text, out _) != CallResult.PeerDied)
            {
                return;
            }
        }
    }
}
