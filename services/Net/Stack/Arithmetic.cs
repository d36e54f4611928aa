namespace Atoll.Services.Net.Stack;

/// <summary>Least and greatest, which the core library does not have.</summary>
internal static class Arithmetic
{
    public static int Min(int left, int right) => left < right ? left : right;

    public static int Max(int left, int right) => left > right ? left : right;

    public static uint Min(uint left, uint right) => left < right ? left : right;

    public static ulong Min(ulong left, ulong right) => left < right ? left : right;

    public static ulong Max(ulong left, ulong right) => left > right ? left : right;
}
