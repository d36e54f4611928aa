using System.Text;

namespace Atoll.Kernel.Tests.Machine;

/// <summary>A 16550 UART as a driver sees it.</summary>
/// <remarks>Source: National Semiconductor PC16550D data sheet, "Registers" (Table II, Summary of Registers).</remarks>
internal sealed class UartModel
{
    /// <summary>First port of COM1.</summary>
    public const ushort FirstPort = 0x3F8;

    private const byte DivisorLatchAccess = 0x80;
    private const byte DataReady = 0x01;
    private const byte TransmitterHoldingEmpty = 0x20;

    private readonly List<byte> _sent = [];
    private int _queued;
    private int _busyLooks;

    /// <summary>Interrupt enable register. Firmware may leave it open.</summary>
    public byte InterruptEnable { get; private set; } = 0x0F;

    /// <summary>Line control register.</summary>
    public byte LineControl { get; private set; }

    /// <summary>What was last written to the FIFO control register.</summary>
    public byte FifoControl { get; private set; }

    /// <summary>Modem control register.</summary>
    public byte ModemControl { get; private set; }

    /// <summary>Baud rate divisor of the 1.8432 MHz clock.</summary>
    public ushort Divisor { get; private set; } = 12;

    /// <summary>Looks at the line status that each byte takes to go out.</summary>
    public int BusyLooksPerByte { get; set; }

    /// <summary>The transmitter never empties.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Bytes written while there was no room, which the device loses.</summary>
    public int Overruns { get; private set; }

    /// <summary>Looks at the line status.</summary>
    public int Looks { get; private set; }

    /// <summary>Bytes that wait to be received.</summary>
    public Queue<byte> Received { get; } = new();

    /// <summary>Everything sent, as text.</summary>
    public string Text => Encoding.Latin1.GetString([.. _sent]);

    /// <summary>Everything sent, as complete lines.</summary>
    public string[] Lines => Text.Length == 0 ? [] : Text.TrimEnd('\n').Split('\n');

    private bool IsDivisorAccessible => (LineControl & DivisorLatchAccess) != 0;

    // FCR0 turns on the FIFOs, 16 bytes each; without them there is one holding register.
    private int Capacity => (FifoControl & 1) != 0 ? 16 : 1;

    /// <summary>Whether the port is one of the eight.</summary>
    public static bool Owns(ushort port) => port is >= FirstPort and < FirstPort + 8;

    /// <summary>IN.</summary>
    public byte Read(ushort port) => (port - FirstPort) switch
    {
        0 when IsDivisorAccessible => (byte)Divisor,
        0 => Received.TryDequeue(out byte value) ? value : (byte)0,
        1 when IsDivisorAccessible => (byte)(Divisor >> 8),
        1 => InterruptEnable,
        3 => LineControl,
        4 => ModemControl,
        5 => LineStatus(),
        _ => 0,
    };

    /// <summary>OUT.</summary>
    public void Write(ushort port, byte value)
    {
        switch (port - FirstPort)
        {
            case 0 when IsDivisorAccessible:
                Divisor = (ushort)((Divisor & 0xFF00) | value);
                break;
            case 0:
                Transmit(value);
                break;
            case 1 when IsDivisorAccessible:
                Divisor = (ushort)((Divisor & 0x00FF) | (value << 8));
                break;
            case 1:
                InterruptEnable = value;
                break;
            case 2:
                FifoControl = value;
                break;
            case 3:
                LineControl = value;
                break;
            case 4:
                ModemControl = value;
                break;
        }
    }

    private byte LineStatus()
    {
        Looks++;
        if (!IsStuck && _queued > 0 && --_busyLooks <= 0)
        {
            _queued--;
            _busyLooks = BusyLooksPerByte;
        }

        // LSR5 in FIFO mode: set when the transmit FIFO is empty.
        bool isEmpty = !IsStuck && _queued == 0;
        return (byte)((isEmpty ? TransmitterHoldingEmpty : 0) | (Received.Count > 0 ? DataReady : 0));
    }

    private void Transmit(byte value)
    {
        if (IsStuck || (BusyLooksPerByte > 0 && _queued == Capacity))
        {
            Overruns++;
            return;
        }

        _sent.Add(value);
        _queued += BusyLooksPerByte > 0 ? 1 : 0;
    }
}
