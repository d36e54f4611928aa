namespace Atoll.Coordinator;

/// <summary>One end of a channel, or somebody who asks for one, as the coordinator knows it.</summary>
public struct ChannelEnd
{
    /// <summary>Its core.</summary>
    public uint Core;

    /// <summary>Its number there.</summary>
    public uint Number;

    /// <summary>Whether it has not been told yet what became of it.</summary>
    public bool OwesAnswer;

    /// <summary>Whether it has not been told yet that the other end is gone. Its kernel may have heard that before it heard of the channel, from the other kernel.</summary>
    public bool OwesFarewell;

    /// <summary>Whether its pages are mapped nowhere: given back, or its core stopped.</summary>
    public bool IsGone;

    /// <summary>Whether it is this one.</summary>
    public readonly bool Is(uint core, uint number) => Core == core && Number == number;

    /// <summary>Its kernel says that it has let go of it.</summary>
    /// <returns>Whether that is news: of this end, which was told of its channel, for the first time.</returns>
    [MustUse]
    public bool TryLetGo(uint core, uint number)
    {
        bool isNews = Is(core, number) && !OwesAnswer && !IsGone;
        IsGone |= isNews;
        return isNews;
    }
}
