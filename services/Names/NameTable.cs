using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Names;

/// <summary>A name that the system has.</summary>
public struct NameEntry
{
    /// <summary>The name.</summary>
    public ProgramName Name;

    /// <summary>Badge of the program that may have it.</summary>
    public ulong Owner;

    /// <summary>Whether somebody has registered.</summary>
    public bool IsRegistered;
}

/// <summary>The names of the system: <c>NAME=BADGE</c> in the arguments, where <c>{PROGRAM}</c> stands for a badge.</summary>
public struct NameTable
{
    /// <summary>Most names.</summary>
    public const uint Most = 16;

    private Entries _entries;

    /// <summary>Names.</summary>
    public uint Count { get; private set; }

    /// <summary>A name.</summary>
    /// <param name="index">Its position.</param>
    public readonly NameEntry this[uint index] => _entries[(int)index];

    /// <summary>Position of a name; <see cref="Count"/>: the system has none like it.</summary>
    public readonly uint Find(ReadOnlySpan<byte> name)
    {
        uint index = 0;
        while (index < Count && !Text.AreEqual(Text.OfName(in _entries[(int)index].Name), name))
        {
            index++;
        }

        return index;
    }

    /// <summary>Somebody has registered a name, or nobody has any more.</summary>
    public void Set(uint index, bool isRegistered) => _entries[(int)index].IsRegistered = isRegistered;

    /// <summary>Reads the names.</summary>
    /// <returns>False: something else is written there, too much, or a name twice.</returns>
    public bool Read(ReadOnlySpan<byte> arguments)
    {
        ArgumentReader reader = new(arguments);
        while (reader.TryNext(out ReadOnlySpan<byte> key, out ulong owner))
        {
            if (Count == Most || key.Length >= ProgramName.SizeBytes || Find(key) != Count)
            {
                return false;
            }

            ref NameEntry entry = ref _entries[(int)Count++];
            entry.Owner = owner;
            Span<byte> field = Text.FieldOf(ref entry.Name);
            for (int index = 0; index < key.Length; index++)
            {
                field[index] = key[index];
            }
        }

        return !reader.IsWrong;
    }

    [InlineArray((int)Most)]
    private struct Entries
    {
        private NameEntry _entry0;
    }
}
