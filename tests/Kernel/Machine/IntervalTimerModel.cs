namespace Atoll.Kernel.Tests.Machine;

/// <summary>Channel 2 of an 8254 with its gate in port 0x61.</summary>
/// <remarks>
/// Source: Intel 8254 data sheet, "Control Word Format", "Mode 2: Rate Generator", "Counter Latch Command". The count
/// goes
/// N, N-1 … 1, N …; a count of 0 means 65536. The gate low stops it.
/// </remarks>
internal sealed class IntervalTimerModel
{
    private byte _portB = 0xFE;
    private int _mode = -1;
    private bool _nextIsHigh;
    private byte _low;
    private uint _reload;
    private ulong _loadedAt;
    private ushort? _latch;
    private bool _readsHigh;

    /// <summary>Ticks of the 1.193182 MHz input so far.</summary>
    public ulong Ticks { get; set; }

    /// <summary>The counter never moves.</summary>
    public bool IsDead { get; set; }

    /// <summary>Port 0x61 as last written.</summary>
    public byte PortB => _portB;

    /// <summary>Mode that was programmed, or -1.</summary>
    public int Mode => _mode;

    /// <summary>Whether the port belongs to channel 2.</summary>
    public static bool Owns(ushort port) => port is 0x42 or 0x43 or 0x61;

    /// <summary>IN.</summary>
    public byte Read(ushort port)
    {
        if (port == 0x61)
        {
            return _portB;
        }

        Assert.Equal(0x42, port);
        ushort value = _latch ?? Current();
        byte half = (byte)(_readsHigh ? value >> 8 : value);
        _latch = _readsHigh ? null : _latch;
        _readsHigh = !_readsHigh;
        return half;
    }

    /// <summary>OUT.</summary>
    public void Write(ushort port, byte value)
    {
        switch (port)
        {
            case 0x61:
                _portB = value;
                break;
            case 0x43:
                Command(value);
                break;
            default:
                Load(value);
                break;
        }
    }

    private void Command(byte value)
    {
        Assert.Equal(0b10, value >> 6);
        int access = (value >> 4) & 0b11;
        if (access == 0)
        {
            _latch ??= Current();
            return;
        }

        Assert.Equal(0b11, access);
        Assert.Equal(0, value & 1);
        _mode = (value >> 1) & 0b111;
        _nextIsHigh = false;
        _readsHigh = false;
        _latch = null;
    }

    private void Load(byte value)
    {
        if (!_nextIsHigh)
        {
            _low = value;
            _nextIsHigh = true;
            return;
        }

        uint count = (uint)((value << 8) | _low);
        _reload = count == 0 ? 0x1_0000 : count;
        _loadedAt = Ticks;
        _nextIsHigh = false;
    }

    private ushort Current()
    {
        bool runs = !IsDead && (_portB & 1) != 0 && _mode == 2 && _reload != 0;
        return runs ? (ushort)(_reload - ((Ticks - _loadedAt) % _reload)) : (ushort)_reload;
    }
}
