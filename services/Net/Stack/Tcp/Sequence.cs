namespace Atoll.Services.Net.Stack;

/// <summary>Order of sequence numbers and of time stamps, which wrap. Source: RFC 9293, "Sequence Numbers"; RFC 7323, "PAWS".</summary>
/// <remarks>Defined for numbers that are less than 2^31 apart.</remarks>
internal static class Sequence
{
    public static bool IsBefore(uint left, uint right) => (int)(left - right) < 0;

    public static bool IsAfter(uint left, uint right) => (int)(left - right) > 0;

    public static bool IsAtOrBefore(uint left, uint right) => (int)(left - right) <= 0;

    public static bool IsAtOrAfter(uint left, uint right) => (int)(left - right) >= 0;

    public static uint Earlier(uint left, uint right) => IsBefore(left, right) ? left : right;

    public static uint Later(uint left, uint right) => IsAfter(left, right) ? left : right;

    /// <summary>Whether <paramref name="number"/> lies in the <paramref name="length"/> numbers from <paramref name="start"/> on.</summary>
    public static bool IsWithin(uint number, uint start, uint length) => number - start < length;
}
