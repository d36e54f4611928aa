using Atoll.Instance;

namespace Atoll.Kernel.Tests.Instance;

/// <summary>Links on the way, one at a time.</summary>
public sealed class LinkOpeningTests
{
    [Fact]
    public void LinkThatIsSettled_IsAskedForAgainWhenItIsWantedAgain()
    {
        LinkOpening opening = default;
        opening.Want(5);
        Assert.True(opening.MustAsk(5) && opening.IsPending && !opening.HasAskedForAll);

        opening.Asked(5);
        Assert.True(!opening.MustAsk(5) && opening.IsPending && opening.HasAskedForAll);

        opening.Settle(5);
        Assert.True(!opening.MustAsk(5) && !opening.IsPending && opening.HasAskedForAll);

        // Its peer has died and lives again.
        opening.Want(5);
        Assert.True(opening.MustAsk(5) && !opening.HasAskedForAll);
    }

    [Fact]
    public void LinkThatIsWantedTwice_OrSettledUnasked_IsCountedOnce()
    {
        LinkOpening opening = default;
        opening.Want(5);
        opening.Want(5);
        opening.Want(70);
        opening.Asked(5);
        opening.Asked(5);
        Assert.False(opening.HasAskedForAll);

        opening.Settle(70);
        opening.Settle(70);
        Assert.True(opening.HasAskedForAll && opening.IsPending);

        opening.Settle(5);
        opening.Asked(9);
        Assert.True(opening.HasAskedForAll && !opening.IsPending);
    }

    [Fact]
    public void WhoGivesUp_WantsNothing()
    {
        LinkOpening opening = default;
        opening.Want(1);
        opening.Want(127);
        opening.GiveUp();

        Assert.True(!opening.IsPending && opening.HasAskedForAll && !opening.MustAsk(1) && !opening.MustAsk(127));
    }
}
