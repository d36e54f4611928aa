using System;
using System.Runtime.CompilerServices;
using Atoll.Services.Lib;

namespace Atoll.Services.Switchboard;

/// <summary>Which program may listen under which name: <c>NAME=BADGE</c> in the arguments, where <c>{PROGRAM}</c> stands for a badge. A program may have several. A number is no name: it is a badge, of which <see cref="ConnectionQuotas"/> reads.</summary>
public struct NameRights
{
    /// <summary>Most entries.</summary>
    public const int Most = 16;

    private Entries _entries;
    private int _count;

    /// <summary>Reads them.</summary>
    /// <returns>False: something else is written there, or too much.</returns>
    public bool Read(ReadOnlySpan<byte> arguments)
    {
        ArgumentReader reader = new(arguments);
        while (reader.TryNext(out ReadOnlySpan<byte> key, out ulong owner))
        {
            if (ArgumentReader.TryNumber(key, out _))
            {
                continue;
            }

            if (_count == Most || !NameWords.TryOf(key, out NameWords name))
            {
                return false;
            }

            _entries[_count].Name = name;
            _entries[_count++].Owner = owner;
        }

        return !reader.IsWrong;
    }

    /// <summary>Whether a program may listen under a name.</summary>
    public readonly bool Allow(in NameWords name, ulong badge)
    {
        for (int index = 0; index < _count; index++)
        {
            if (_entries[index].Owner == badge && _entries[index].Name.Is(in name))
            {
                return true;
            }
        }

        return false;
    }

    private struct Entry
    {
        internal NameWords Name;
        internal ulong Owner;
    }

    [InlineArray(Most)]
    private struct Entries
    {
        private Entry _first;
    }
}
