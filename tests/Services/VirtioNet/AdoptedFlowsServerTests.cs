using Atoll.Services.VirtioNet;

namespace Atoll.Services.Tests.VirtioNet;

/// <summary>Which stack has taken a connection of another's share: found for as long as that stack lives, also by the driver's next life.</summary>
public sealed class AdoptedFlowsServerTests
{
    private readonly ulong[] _words = new ulong[AdoptedFlows.Words];
    private AdoptedFlows _flows;

    public AdoptedFlowsServerTests() => _flows.Begin(_words);

    [Fact]
    public void Flow_IsFound_AlsoByTheNextLife_UntilItsStackIsGone()
    {
        ulong[] callers = [.. Enumerable.Range(0, 48).Select(Caller)];
        Assert.All(callers, caller => Assert.False(_flows.TryFind(_words, caller, out _)));
        for (int caller = 0; caller < callers.Length; caller++)
        {
            _flows.Add(_words, callers[caller], (uint)caller % 3);
        }

        _flows = default;
        _flows.Begin(_words);
        AreFound(callers, _ => true);
        _flows.RemoveAll(_words, 1);
        AreFound(callers, stack => stack != 1);
        Assert.False(_flows.TryFind(_words, Caller(99), out _));
        _flows.RemoveAll(_words, 0);
        _flows.RemoveAll(_words, 2);
        AreFound(callers, _ => false);
        _flows.Add(_words, callers[7], 2);
        Assert.True(_flows.TryFind(_words, callers[7], out uint stack) && stack == 2);
    }

    [Fact]
    public void Flow_ThatIsTakenAgain_HasOnePlace()
    {
        for (int time = 0; time < 1000; time++)
        {
            _flows.Add(_words, Caller(1), (uint)time % 2);
        }

        Assert.Equal(1, Enumerable.Range(0, AdoptedFlows.Most).Count(place => _words[(2 * place) + 1] != 0));
        Assert.True(_flows.TryFind(_words, Caller(1), out uint stack) && stack == 1);
    }

    /// <summary>A flood of beginnings fills the places and goes nowhere else. The newest are there.</summary>
    [Fact]
    public void Flood_StaysInItsPlaces()
    {
        for (int caller = 0; caller < 100_000; caller++)
        {
            _flows.Add(_words, Caller(caller), 1);
            Assert.True(_flows.TryFind(_words, Caller(caller), out uint stack) && stack == 1);
        }

        _flows.RemoveAll(_words, 1);
        Assert.DoesNotContain(_words.Where((_, word) => word % 2 == 1), word => word != 0);
    }

    private void AreFound(ulong[] callers, Func<uint, bool> isThere)
    {
        for (int caller = 0; caller < callers.Length; caller++)
        {
            uint expected = (uint)caller % 3;
            bool isFound = _flows.TryFind(_words, callers[caller], out uint stack);
            Assert.Equal((caller, isThere(expected)), (caller, isFound));
            Assert.True(!isFound || stack == expected);
        }
    }

    // A host's ports, to port 7.
    private static ulong Caller(int number) => 0x0A00_0202_0000_0007ul + ((ulong)(30_000 + (number % 30_000)) << 16) + ((ulong)(number / 30_000) << 32);

    /// <summary>A caller that was not taken is found nowhere, also when another has the place where it would be.</summary>
    [Fact]
    public void Stranger_IsNotFound_WhereAnotherIs()
    {
        for (ulong caller = 1; caller <= 64; caller++)
        {
            _flows.Add(_words, caller, stack: 2);
        }

        for (ulong stranger = 1000; stranger < 3000; stranger++)
        {
            Assert.False(_flows.TryFind(_words, stranger, out _), $"caller {stranger}");
        }
    }
}
