using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Services.Coordinator;

/// <summary>A change of an instance's state.</summary>
public struct CoreEvent
{
    /// <summary>Its number, counted over all cores.</summary>
    public ulong Number;

    /// <summary>Time-stamp counter.</summary>
    public ulong At;

    /// <summary>Which life of the core.</summary>
    public ulong Life;

    /// <summary>Whose.</summary>
    public byte Core;

    /// <summary>What it became: <see cref="MemberState"/>.</summary>
    public byte State;

    /// <summary>Why: <see cref="MemberCause"/>.</summary>
    public byte Cause;
}

/// <summary>The last events, in the order of their numbers.</summary>
public struct EventRing
{
    /// <summary>Most that are known.</summary>
    public const uint Capacity = 32;

    private Events _events;
    private uint _count;
    private uint _next;

    /// <summary>One more than the number of the newest.</summary>
    public ulong End { get; private set; }

    /// <summary>Number of the oldest that is known.</summary>
    public readonly ulong Oldest => _count == 0 ? End : _events[(int)Position(0)].Number;

    /// <summary>Adds one that is newer than all others.</summary>
    public void Add(in CoreEvent happened)
    {
        _events[(int)_next] = happened;
        _next = (_next + 1) % Capacity;
        _count += _count < Capacity ? 1u : 0;
        End = happened.Number + 1;
    }

    /// <summary>Finds the first from a number on.</summary>
    /// <returns>False: there is none yet.</returns>
    public readonly bool TryFind(ulong from, out CoreEvent happened)
    {
        for (uint index = 0; index < _count; index++)
        {
            happened = _events[(int)Position(index)];
            if (happened.Number >= from)
            {
                return true;
            }
        }

        happened = default;
        return false;
    }

    private readonly uint Position(uint index) => (_next + Capacity - _count + index) % Capacity;

    [InlineArray((int)Capacity)]
    private struct Events
    {
        private CoreEvent _event0;
    }
}
