using Atoll.Base;

namespace Atoll.Instance;

/// <summary>A set of cores.</summary>
public struct CoreSet
{
    /// <summary>Cores 0 to 63, bit by bit.</summary>
    public ulong Low;

    /// <summary>Cores 64 to 127.</summary>
    public ulong High;

    /// <summary>Whether a core is in the set.</summary>
    public readonly bool Has(uint core) => core < 64 ? (Low & (1UL << (int)core)) != 0 : core < 128 && (High & (1UL << (int)(core - 64))) != 0;

    /// <summary>Whether nobody is in it.</summary>
    public readonly bool IsEmpty => (Low | High) == 0;

    /// <summary>Takes a core out.</summary>
    public void Remove(uint core)
    {
        Low &= core < 64 ? ~(1UL << (int)core) : ulong.MaxValue;
        High &= core is >= 64 and < 128 ? ~(1UL << (int)(core - 64)) : ulong.MaxValue;
    }

    /// <summary>Adds a core.</summary>
    public void Add(uint core)
    {
        Check.That(core < Limits.InstanceCountMax);
        if (core < 64)
        {
            Low |= 1UL << (int)core;
        }
        else
        {
            High |= 1UL << (int)(core - 64);
        }
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
}
