using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Lib;

namespace Atoll.Services.Switchboard;

/// <summary>How many connections a program may have at a time: <c>BADGE=COUNT</c> in the arguments, where <c>{PROGRAM}</c> stands for a badge. Who is not named there may have <see cref="Usual"/>.</summary>
public struct ConnectionQuotas
{
    /// <summary>Most programs that are named.</summary>
    public const int Most = 8;

    /// <summary>What a program may have that is not named: as many as its window seats (<see cref="ChannelSeat"/>).</summary>
    public const uint Usual = 32;

    private Quotas _quotas;
    private int _count;

    /// <summary>Reads them. What has a name on the left is somebody else's (<see cref="NameRights"/>).</summary>
    /// <returns>False: a program twice, more than a core remembers, or too many.</returns>
    public bool Read(ReadOnlySpan<byte> arguments)
    {
        ArgumentReader reader = new(arguments);
        while (reader.TryNext(out ReadOnlySpan<byte> key, out ulong count))
        {
            if (!ArgumentReader.TryNumber(key, out ulong client))
            {
                continue;
            }

            if (_count == Most || count > ClientEnds.Most || Find(client) != _count)
            {
                return false;
            }

            _quotas[_count++] = new Quota { Client = client, Connections = (uint)count };
        }

        return !reader.IsWrong;
    }

    /// <summary>How many a program may have.</summary>
    public readonly uint Of(ulong badge)
    {
        int found = Find(badge);
        return found == _count ? Usual : _quotas[found].Connections;
    }

    private readonly int Find(ulong badge)
    {
        int index = 0;
        while (index < _count && _quotas[index].Client != badge)
        {
            index++;
        }

        return index;
    }

    private struct Quota
    {
        internal ulong Client;
        internal uint Connections;
    }

    [InlineArray(Most)]
    private struct Quotas
    {
        private Quota _first;
    }
}
