using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Console;

/// <summary>A 16550 by interrupts: what waits to be sent goes out when the device has room, what comes in is taken when it tells.</summary>
/// <remarks>
/// Source: National Semiconductor PC16550D data sheet, "Registers", "FIFO Interrupt Mode Operation". The line is edge-triggered, so an interrupt is served
/// until the device says that none is pending: a cause that is left makes no new edge.
/// </remarks>
public struct UartDriver
{
    private const ushort InterruptEnable = 1;
    private const ushort InterruptIdentification = 2;
    private const ushort FifoControl = 2;
    private const ushort LineControl = 3;
    private const ushort ModemControl = 4;
    private const ushort LineStatus = 5;

    private const byte ReceivedData = 0x01;
    private const byte TransmitterEmpty = 0x02;
    private const byte FifosOn = 0x01;
    private const byte EightBitsNoParity = 0x03;

    // OUT2 lets the device's interrupt through to the line on a PC.
    private const byte ReadyRequestAndInterrupt = 0x0B;
    private const byte NothingPending = 0x01;
    private const byte DataReady = 0x01;
    private const byte HoldingEmpty = 0x20;
    private const int FifoBytes = 16;

    // A device that never comes to rest, or never has room, must not hold its program for ever.
    private const int CausesMax = 256;
    private const int RoomLooksMax = 100_000;

    private readonly PortRange _ports;
    private readonly InterruptLine _line;
    private readonly ushort _base;
    private ByteQueue _out;
    private bool _isSending;

    /// <summary>Takes the device over as the kernel left it: speed and format stay.</summary>
    public UartDriver(in GrantRecord ports, uint line)
    {
        _ports = new PortRange(ports.Slot);
        _line = new InterruptLine(line);
        _base = (ushort)ports.Argument;
    }

    /// <summary>Lets the device interrupt.</summary>
    public void Begin()
    {
        Write(LineControl, EightBitsNoParity);
        Write(FifoControl, FifosOn);
        Write(ModemControl, ReadyRequestAndInterrupt);
        Write(InterruptEnable, ReceivedData);
    }

    /// <summary>Sends a byte: at once, or when there is room.</summary>
    public void Send(byte value)
    {
        if (_out.IsFull)
        {
            AwaitRoom();
        }

        // What the device does not take for so long is lost: somebody pulled the plug.
        _ = _out.TryAdd(value);
        if (!_isSending)
        {
            Transmit();
        }
    }

    /// <summary>Serves an interrupt.</summary>
    /// <param name="received">Takes what came in.</param>
    public void Serve(ref ByteQueue received)
    {
        for (int cause = 0; cause < CausesMax && (Read(InterruptIdentification) & NothingPending) == 0; cause++)
        {
            Receive(ref received);
            Transmit();
        }

        _ = _line.Acknowledge();
    }

    /// <summary>Takes what came in before interrupts were on.</summary>
    public void Receive(ref ByteQueue received)
    {
        for (int count = 0; count < FifoBytes && (Read(LineStatus) & DataReady) != 0; count++)
        {
            _ = received.TryAdd(Read(0));
        }
    }

    private void Transmit()
    {
        if (!_out.IsEmpty && (Read(LineStatus) & HoldingEmpty) != 0)
        {
            for (int room = FifoBytes; room > 0 && _out.TryTake(out byte value); room--)
            {
                Write(0, value);
            }
        }

        bool isSending = !_out.IsEmpty;
        if (isSending != _isSending)
        {
            _isSending = isSending;
            Write(InterruptEnable, (byte)(ReceivedData | (isSending ? TransmitterEmpty : 0)));
        }
    }

    private void AwaitRoom()
    {
        for (int look = 0; look < RoomLooksMax && _out.IsFull; look++)
        {
            Transmit();
        }
    }

    private readonly byte Read(ushort register)
    {
        // No range, no device: all ones, as a bus without one answers.
        return _ports.Read8((ushort)(_base + register), out byte value) == SystemResult.Ok ? value : (byte)0xFF;
    }

    private readonly void Write(ushort register, byte value) => _ = _ports.Write8((ushort)(_base + register), value);
}
