namespace Atoll.Arch;

/// <summary>Channel 2 of the 8254 interval timer: a clock of known frequency, to measure the others by.</summary>
/// <remarks>Source: Intel 8254 data sheet, "Mode 2: Rate Generator" and "Counter Latch Command"; gate and speaker in port 0x61.</remarks>
public static class IntervalTimer
{
    /// <summary>Ticks per second, the PC's 14.31818 MHz / 12.</summary>
    public const uint FrequencyHz = 1_193_182;

    /// <summary>Ticks until the count starts again.</summary>
    public const uint PeriodTicks = 0x1_0000;

    private const ushort Channel2 = 0x42;
    private const ushort Command = 0x43;
    private const ushort ControlPortB = 0x61;
    private const byte Channel2LowHighMode2 = 0b10_11_010_0;
    private const byte LatchChannel2 = 0b10_00_000_0;

    /// <summary>Starts to count down from <see cref="PeriodTicks"/>, again and again, speaker silent.</summary>
    public static void Start()
    {
        byte control = Port.Read8(ControlPortB);
        Port.Write8(ControlPortB, (byte)((control & 0b1111_1100) | 0b01));
        Port.Write8(Command, Channel2LowHighMode2);
        Port.Write8(Channel2, 0);
        Port.Write8(Channel2, 0);
    }

    /// <summary>Ticks left in this period, 1 to 65535, or 0 for 65536.</summary>
    [Advances]
    public static uint Count()
    {
        Port.Write8(Command, LatchChannel2);
        uint low = Port.Read8(Channel2);
        uint high = Port.Read8(Channel2);
        return (high << 8) | low;
    }
}
