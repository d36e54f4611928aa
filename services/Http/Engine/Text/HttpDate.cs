namespace Atoll.Services.Http.Engine;

/// <summary>Dates as HTTP writes them, such as <c>Sun, 06 Nov 1994 08:49:37 GMT</c>. Source: RFC 9110, "Date/Time Formats".</summary>
internal static class HttpDate
{
    private const ulong SecondsPerDay = 86_400;

    // The day 0 of 1970 is so many days behind the first of March of the year 0; a cycle of the calendar has 400 years.
    private const ulong DaysToEpoch = 719_468;
    private const ulong DaysPerCycle = 146_097;

    /// <summary>Adds a date.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="seconds">Seconds since the beginning of 1970, without leap seconds.</param>
    public static void Write(ref ByteWriter to, ulong seconds)
    {
        ulong days = seconds / SecondsPerDay;
        uint time = (uint)(seconds % SecondsPerDay);
        to.Add("ThuFriSatSunMonTueWed"u8.Slice((int)(days % 7) * 3, 3));
        to.Add(", "u8);
        WriteDay(ref to, days + DaysToEpoch);
        to.AddTwoDigits(time / 3600);
        to.Add((byte)':');
        to.AddTwoDigits(time / 60 % 60);
        to.Add((byte)':');
        to.AddTwoDigits(time % 60);
        to.Add(" GMT"u8);
    }

    // Years begin in March, so that a leap day is the last of its year.
    private static void WriteDay(ref ByteWriter to, ulong day)
    {
        ulong ofCycle = day % DaysPerCycle;
        ulong yearOfCycle = (ofCycle - (ofCycle / 1460) + (ofCycle / 36_524) - (ofCycle / 146_096)) / 365;
        ulong ofYear = ofCycle - ((365 * yearOfCycle) + (yearOfCycle / 4) - (yearOfCycle / 100));
        ulong fromMarch = ((5 * ofYear) + 2) / 153;
        ulong month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
        ulong year = yearOfCycle + (day / DaysPerCycle * 400) + (month <= 2 ? 1u : 0u);
        to.AddTwoDigits((uint)(ofYear - (((153 * fromMarch) + 2) / 5) + 1));
        to.Add((byte)' ');
        to.Add("JanFebMarAprMayJunJulAugSepOctNovDec"u8.Slice((int)(month - 1) * 3, 3));
        to.Add((byte)' ');
        to.AddTwoDigits((uint)(year / 100));
        to.AddTwoDigits((uint)(year % 100));
        to.Add((byte)' ');
    }
}
