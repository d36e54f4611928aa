using Atoll.Base;

namespace Atoll.Remote;

/// <summary>Cores that are dead, or out of reach, and of which records are left: the tables are gone through in bounded steps until none is.</summary>
[NonCopyable]
public struct LostPeers
{
    private CoreSet _current;
    private CoreSet _next;
    private uint _cursor;
    private bool _found;

    /// <summary>Whether there are any. A word of its own: every turn and many calls ask.</summary>
    public bool Any { get; private set; }

    /// <summary>Where the walk is.</summary>
    public readonly uint Cursor => _cursor;

    /// <summary>Whether records of a core may be left.</summary>
    public readonly bool Has(uint core) => _current.Has(core) || _next.Has(core);

    /// <summary>Whether the walk looks for a core's records.</summary>
    public readonly bool IsSought(uint core) => _current.Has(core);

    /// <summary>A core is lost. One that is lost while the walk goes on is looked for by the next walk.</summary>
    public void Add(uint core)
    {
        Any = true;
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
            Any = !_current.IsEmpty;
        }

        _found = false;
        return true;
    }
}
