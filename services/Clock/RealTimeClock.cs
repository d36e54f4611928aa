using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Clock;

/// <summary>The clock of the machine that goes on while it is off.</summary>
/// <remarks>Source: Motorola MC146818A, "Time, Calendar, and Alarm Locations", "Register A", "Register B". Centuries: the chip has two digits, 20xx is meant.</remarks>
public readonly struct RealTimeClock
{
    private const byte Seconds = 0;
    private const byte Minutes = 2;
    private const byte Hours = 4;
    private const byte Day = 7;
    private const byte Month = 8;
    private const byte Year = 9;
    private const byte RegisterA = 10;
    private const byte RegisterB = 11;
    private const byte UpdateInProgress = 0x80;
    private const byte IsBinary = 0x04;
    private const byte Is24Hours = 0x02;
    private const byte Afternoon = 0x80;
    private const int AttemptsMax = 100_000;

    private readonly uint _slot;
    private readonly ushort _index;

    /// <summary>A clock.</summary>
    /// <param name="ports">Its two ports; slot 0: there is none.</param>
    public RealTimeClock(in GrantRecord ports)
    {
        _slot = ports.Slot;
        _index = (ushort)ports.Argument;
    }

    /// <summary>Seconds since the beginning of 1970, UTC; 0: there is no clock, or it does not stand still to be read.</summary>
    public ulong Read()
    {
        for (int attempt = 0; _slot != 0 && attempt < AttemptsMax; attempt++)
        {
            // Twice the same, with no update under way: no field has changed in between.
            if ((Register(RegisterA) & UpdateInProgress) == 0)
            {
                ulong first = Once();
                if (first == Once())
                {
                    return first;
                }
            }
        }

        return 0;
    }

    private ulong Once()
    {
        byte mode = Register(RegisterB);
        byte hours = Register(Hours);
        uint hour = Number((byte)(hours & ~Afternoon), mode);
        if ((mode & Is24Hours) == 0)
        {
            hour = (hour % 12) + ((hours & Afternoon) != 0 ? 12u : 0);
        }

        ulong days = Calendar.Days(
            2000 + Number(Register(Year), mode), Number(Register(Month), mode), Number(Register(Day), mode));
        return (days * 86_400) + (hour * 3_600) + (Number(Register(Minutes), mode) * 60) + Number(Register(Seconds), mode);
    }

    private byte Register(byte register)
    {
        PortRange ports = new(_slot);
        return ports.Write8(_index, register) == SystemResult.Ok && ports.Read8((ushort)(_index + 1), out byte value) == SystemResult.Ok
            ? value
            : (byte)0;
    }

    private static uint Number(byte value, byte mode) =>
        (mode & IsBinary) != 0 ? value : ((uint)(value >> 4) * 10) + ((uint)value & 15);
}

/// <summary>Days of the Gregorian calendar.</summary>
internal static class Calendar
{
    private const uint DaysOf400Years = 146_097;
    private const uint DaysToTheEpoch = 719_468;

    /// <summary>Days since the beginning of 1970.</summary>
    /// <remarks>The year is taken to begin in March, so that the day that some years lack is its last.</remarks>
    internal static ulong Days(uint year, uint month, uint day)
    {
        uint from = month > 2 ? year : year - 1;
        uint era = from / 400;
        uint ofEra = from % 400;
        uint monthFromMarch = (month + 9) % 12;
        uint dayOfYear = (((153 * monthFromMarch) + 2) / 5) + day - 1;
        uint dayOfEra = (ofEra * 365) + (ofEra / 4) - (ofEra / 100) + dayOfYear;
        return ((ulong)era * DaysOf400Years) + dayOfEra - DaysToTheEpoch;
    }
}
