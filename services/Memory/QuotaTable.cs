using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Memory;

/// <summary>How much a client may have.</summary>
public struct Quota
{
    /// <summary>The client's badge.</summary>
    public ulong Client;

    /// <summary>log2 of the bytes.</summary>
    public byte Bits;
}

/// <summary>The quotas of the system: <c>BADGE=KIB</c> in the arguments, where <c>{PROGRAM}</c> stands for a badge.</summary>
public struct QuotaTable
{
    /// <summary>Most clients.</summary>
    public const uint Most = 12;

    private const ulong KibMin = 4;
    private const ulong KibMax = 1024 * 1024;
    private const int KibBits = 10;

    private Quotas _quotas;

    /// <summary>Clients.</summary>
    public uint Count { get; private set; }

    /// <summary>The quota of a client.</summary>
    /// <param name="client">Its position.</param>
    public readonly Quota this[uint client] => _quotas[(int)client];

    /// <summary>Position of a client; <see cref="Count"/>: it has no quota.</summary>
    public readonly uint Find(ulong badge)
    {
        uint client = 0;
        while (client < Count && _quotas[(int)client].Client != badge)
        {
            client++;
        }

        return client;
    }

    /// <summary>Reads the quotas.</summary>
    /// <returns>False: something else is written there, or a client twice; a quota is a power of two, 4 KiB at least.</returns>
    public bool Read(ReadOnlySpan<byte> arguments)
    {
        ArgumentReader reader = new(arguments);
        while (reader.TryNext(out ReadOnlySpan<byte> key, out ulong kib))
        {
            bool isPower = kib is >= KibMin and <= KibMax && (kib & (kib - 1)) == 0;
            if (!isPower || Count == Most || !ArgumentReader.TryNumber(key, out ulong badge) || Find(badge) != Count)
            {
                return false;
            }

            _quotas[(int)Count++] = new Quota { Client = badge, Bits = (byte)(BitOperations.TrailingZeroCount(kib) + KibBits) };
        }

        return !reader.IsWrong;
    }

    [InlineArray((int)Most)]
    private struct Quotas
    {
        private Quota _quota0;
    }
}
