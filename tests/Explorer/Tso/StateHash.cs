using System.Runtime.InteropServices;

namespace Atoll.Explorer.Tso;

/// <summary>
/// 128 bits that stand for a state: with a million states the chance of any two sharing them is below 2^-88.
/// </summary>
/// <remarks>
/// Two multiply-and-fold lanes over 8-byte words, in the manner of wyhash. Only spread is needed, no secrecy.
/// </remarks>
public static class StateHash
{
    private const ulong FirstKey = 0xA076_1D64_78BD_642F;
    private const ulong SecondKey = 0xE703_7ED1_A0B4_28DB;
    private const ulong ThirdKey = 0x8EBC_6AF0_9C88_C6E3;

    /// <summary>Hashes canonical bytes.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> bytes)
    {
        ulong low = FirstKey ^ (ulong)bytes.Length;
        ulong high = SecondKey;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            Mix(ref low, ref high, word);
        }

        ulong tail = 0;
        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
        {
            tail = (tail << 8) | rest;
        }

        Mix(ref low, ref high, tail);
        Mix(ref low, ref high, ThirdKey);
        return new UInt128(high, low);
    }

    private static void Mix(ref ulong low, ref ulong high, ulong word)
    {
        low = Fold(low ^ word, SecondKey ^ high);
        high = Fold(high + word, ThirdKey) ^ ulong.RotateLeft(low, 29);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}
