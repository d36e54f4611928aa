using System.Runtime.CompilerServices;

namespace Atoll.Base;

/// <summary>A set of cores.</summary>
public struct CoreSet
{
    /// <summary>Words of a set.</summary>
    public const int WordCount = (Limits.InstanceCountMax + WordBits - 1) / WordBits;

    private const int WordBits = 64;
    private const ulong LastMask = ulong.MaxValue >> ((WordCount * WordBits) - Limits.InstanceCountMax);

    private Words _words;

    /// <summary>Whether a core is in the set.</summary>
    public readonly bool Has(uint core) => core < Limits.InstanceCountMax && (_words[Index(core)] & Bit(core)) != 0;

    /// <summary>Whether nobody is in it.</summary>
    public readonly bool IsEmpty
    {
        get
        {
            ulong any = 0;
            for (int i = 0; i < WordCount; i++)
            {
                any |= _words[i];
            }

            return any == 0;
        }
    }

    /// <summary>Cores 64 · <paramref name="index"/> and up, bit by bit.</summary>
    public readonly ulong Word(int index) => _words[index];

    /// <summary>Replaces what <see cref="Word"/> gives. Bits of cores that no machine has are left out.</summary>
    public void SetWord(int index, ulong bits) => _words[index] = index == WordCount - 1 ? bits & LastMask : bits;

    /// <summary>Takes a core out.</summary>
    public void Remove(uint core)
    {
        if (core < Limits.InstanceCountMax)
        {
            _words[Index(core)] &= ~Bit(core);
        }
    }

    /// <summary>Adds a core.</summary>
    public void Add(uint core)
    {
        Check.That(core < Limits.InstanceCountMax);
        _words[Index(core)] |= Bit(core);
    }

    /// <summary>The next core after <paramref name="core"/> that is in the set, round the end; <paramref name="core"/> itself when there is no other.</summary>
    public readonly uint Next(uint core)
    {
        for (uint step = 1; step < Limits.InstanceCountMax; step++)
        {
            uint next = (core + step) % Limits.InstanceCountMax;
            if (Has(next))
            {
                return next;
            }
        }

        return core;
    }

    private static int Index(uint core) => (int)(core / WordBits);

    private static ulong Bit(uint core) => 1UL << (int)(core % WordBits);

    [InlineArray(WordCount)]
    private struct Words
    {
        private ulong _word0;
    }
}
