using System;
using Atoll.Abi;
using Atoll.Arch;

namespace Atoll.Console;

/// <summary>The first serial port, a 16550: 115200 baud, 8 data bits, no parity, one stop bit, polled.</summary>
/// <remarks>Source: National Semiconductor PC16550D data sheet, "Registers". No interrupts are used.</remarks>
[InterruptSafe, NoPanic, NoBlock]
public static class Uart
{
    private const ushort Data = ImageLayout.SerialPort;
    private const ushort InterruptEnable = ImageLayout.SerialPort + 1;
    private const ushort FifoControl = ImageLayout.SerialPort + 2;
    private const ushort LineControl = ImageLayout.SerialPort + 3;
    private const ushort ModemControl = ImageLayout.SerialPort + 4;
    private const ushort LineStatus = ImageLayout.SerialPort + 5;

    private const byte DivisorLatch = 0x80;
    private const byte EightBitsNoParity = 0x03;
    private const byte EnableAndClearFifos = 0x07;
    private const byte ReadyAndRequest = 0x03;
    private const byte DataReady = 0x01;
    private const byte TransmitterEmpty = 0x20;

    private const int FifoBytes = 16;

    // A missing or stuck port must not hold up a boot: after so many looks the text is dropped.
    private const int TransmitLooksMax = 100_000;

    /// <summary>Sets the line up. Idempotent.</summary>
    public static void Initialize()
    {
        Port.Write8(InterruptEnable, 0);
        Port.Write8(LineControl, DivisorLatch);
        Port.Write8(Data, 1);
        Port.Write8(InterruptEnable, 0);
        Port.Write8(LineControl, EightBitsNoParity);
        Port.Write8(FifoControl, EnableAndClearFifos);
        Port.Write8(ModemControl, ReadyAndRequest);
    }

    /// <summary>Sends bytes, waiting for room at most a bounded time.</summary>
    public static void Write(ReadOnlySpan<byte> bytes)
    {
        int sent = 0;
        while (sent < bytes.Length && WaitForEmpty())
        {
            // An empty transmitter takes a whole FIFO without another look.
            for (int room = FifoBytes; room > 0 && sent < bytes.Length; room--)
            {
                Port.Write8(Data, At(bytes, sent++));
            }
        }
    }

    /// <summary>Takes one received byte, if there is one.</summary>
    [MustUse]
    public static bool TryRead(out byte value)
    {
        if ((Port.Read8(LineStatus) & DataReady) == 0)
        {
            value = 0;
            return false;
        }

        value = Port.Read8(Data);
        return true;
    }

    [Trusted(Safety = "The caller has compared the index with the length, so the check in the indexer does not fail.")]
    private static byte At(ReadOnlySpan<byte> bytes, int index) => bytes[index];

    private static bool WaitForEmpty()
    {
        for (int look = 0; look < TransmitLooksMax; look++)
        {
            if ((Port.Read8(LineStatus) & TransmitterEmpty) != 0)
            {
                return true;
            }

            Cpu.Pause();
        }

        return false;
    }
}
