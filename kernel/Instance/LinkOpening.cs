using Atoll.Base;

namespace Atoll.Instance;

/// <summary>A member's links on the way: those it wants and has asked the coordinator for.</summary>
/// <remarks>The coordinator has a link with everybody from the start and never asks.</remarks>
public struct LinkOpening
{
    private CoreSet _wanted;
    private CoreSet _asked;
    private uint _unasked;

    /// <summary>Whether a link is wanted and neither there nor known to be impossible.</summary>
    public readonly bool IsPending => !_wanted.IsEmpty;

    /// <summary>Whether the coordinator has been asked for every link that is wanted.</summary>
    public readonly bool HasAskedForAll => _unasked == 0;

    /// <summary>Whether a link is wanted.</summary>
    public readonly bool IsWanted(uint peer) => _wanted.Has(peer);

    /// <summary>Wants a link.</summary>
    public void Want(uint peer)
    {
        _unasked += _wanted.Has(peer) ? 0u : 1;
        _wanted.Add(peer);
    }

    /// <summary>Whether a link is wanted and was not asked for.</summary>
    public readonly bool MustAsk(uint peer) => _wanted.Has(peer) && !_asked.Has(peer);

    /// <summary>A link was asked for.</summary>
    public void Asked(uint peer)
    {
        _unasked -= MustAsk(peer) ? 1u : 0;
        _asked.Add(peer);
    }

    /// <summary>The link is there, or cannot be.</summary>
    public void Settle(uint peer)
    {
        _unasked -= MustAsk(peer) ? 1u : 0;
        _wanted.Remove(peer);
        _asked.Remove(peer);
    }

    /// <summary>There will be no more links: whoever makes them is dead.</summary>
    public void GiveUp() => this = default;
}
