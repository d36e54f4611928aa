using System.Runtime.CompilerServices;
using Atoll.Base;

namespace Atoll.Remote;

/// <summary>Cores that are dead, or out of reach, and of which records are left: the tables are gone through in bounded steps until none is.</summary>
[NonCopyable]
public struct LostPeers
{
    private PeerSet _current;
    private PeerSet _next;
    private uint _cursor;
    private bool _found;

    /// <summary>Whether there are any.</summary>
    public readonly bool Any => !_current.IsEmpty || !_next.IsEmpty;

    /// <summary>Where the walk is.</summary>
    public readonly uint Cursor => _cursor;

    /// <summary>Whether records of a core may be left.</summary>
    public readonly bool Has(uint core) => _current.Has(core) || _next.Has(core);

    /// <summary>Whether the walk looks for a core's records.</summary>
    public readonly bool IsSought(uint core) => _current.Has(core);

    /// <summary>A core is lost. One that is lost while the walk goes on is looked for by the next walk.</summary>
    public void Add(uint core)
    {
        if (_current.IsEmpty)
        {
            _current.Add(core);
        }
        else
        {
            _next.Add(core);
        }
    }

    /// <summary>The walk found a record, which needs more work: it will come by again.</summary>
    public void Found() => _found = true;

    /// <summary>The walk has looked at one place of the tables.</summary>
    /// <param name="places">How many there are.</param>
    /// <returns>Whether it is at an end.</returns>
    [MustUse]
    public bool TryEnd(uint places)
    {
        _cursor++;
        if (_cursor < places)
        {
            return false;
        }

        _cursor = 0;
        if (!_found)
        {
            _current = _next;
            _next = default;
        }

        _found = false;
        return true;
    }

    [InlineArray(PeerSet.WordCount)]
    private struct Words
    {
        private ulong _word0;
    }

    private struct PeerSet
    {
        internal const int WordCount = (Limits.InstanceCountMax + BitsOfAWord - 1) / BitsOfAWord;

        private const int BitsOfAWord = 64;

        private Words _words;

        internal readonly bool IsEmpty
        {
            get
            {
                ulong all = 0;
                for (int word = 0; word < WordCount; word++)
                {
                    all |= _words[word];
                }

                return all == 0;
            }
        }

        internal readonly bool Has(uint core) =>
            core < Limits.InstanceCountMax && ((_words[(int)(core / BitsOfAWord)] >> (int)(core % BitsOfAWord)) & 1) != 0;

        internal void Add(uint core)
        {
            Check.That(core < Limits.InstanceCountMax);
            _words[(int)(core / BitsOfAWord)] |= 1UL << (int)(core % BitsOfAWord);
        }
    }
}
