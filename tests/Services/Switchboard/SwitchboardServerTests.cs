using System.Globalization;
using System.Text;
using Atoll.Services.Lib;
using Atoll.Services.Switchboard;

namespace Atoll.Services.Tests.Switchboard;

/// <summary>Channels by name (docs/connections.md): every call has one outcome, nobody is connected to another than it named, and no end is left or waits for ever, whoever dies when.</summary>
public sealed class SwitchboardServerTests
{
    private const int Seeds = 150;

    /// <summary>Whatever comes between whichever steps.</summary>
    [Fact]
    public void Connections_AreMadeOrRefused() => Run(Seeds);

    /// <summary>The same, for more seeds: as many as the command says.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public void Connections_AreMadeOrRefused_ManySeeds() => Run(20_000);

    [Fact]
    public void Names_OfWhichOneHasNoRight_AreNotAllowed()
    {
        NameRights rights = default;
        Assert.True(rights.Read("dial=3 full=3 tally=5"u8));
        Assert.True(rights.Allow(Words("full"), 3));
        Assert.False(rights.Allow(Words("tally"), 3));
        Assert.False(rights.Allow(Words("dia"), 3));
        Assert.False(rights.Allow(Words("other"), 3));
    }

    [Fact]
    public void Quotas_AreThoseOfTheSystem_OrTheUsualOne()
    {
        ConnectionQuotas quotas = default;
        Assert.True(quotas.Read("dial=3 12=4 tally=5 40=0 7=192"u8));
        Assert.Equal([4u, 0u, 192u, 32u, 32u], new ulong[] { 12, 40, 7, 3, 5 }.Select(badge => quotas.Of(badge)));
        NameRights rights = default;
        Assert.True(rights.Read("dial=3 12=4 tally=5 40=0 7=192"u8));
        Assert.False(rights.Allow(Words("12"), 4));
        Assert.True(rights.Allow(Words("tally"), 5));
    }

    /// <summary>Two of one program and one of another: the first is given up, and its number has been used again.</summary>
    [Fact]
    public void EndsThatAreGivenUp_AreForgotten_AndNoOthers()
    {
        End[] there = [new(0, 0, name: 20, number: 0), new(0, 0, name: 11, number: 1), new(0, 0, name: 12, number: 2)];
        PlayedBoard board = new(new Exchange
        {
            Core = 0,
            HasRoom = () => true,
            EndsOfCore = () => there,
            OnMade = _ => { },
            OnDropped = _ => { },
            OnWrong = Assert.Fail,
        });
        ClientEnds ends = default;
        ends.Add(badge: 1, number: 0, connection: 10);
        ends.Add(badge: 2, number: 1, connection: 11);
        ends.Add(badge: 1, number: 2, connection: 12);
        ends.Forget(ref board, badge: 2);
        Assert.Equal((3u, 2u, 1u), (ends.Count, ends.CountOf(1), ends.CountOf(2)));

        ends.Forget(ref board, badge: 1);
        Assert.Equal((2u, 1u, 1u), (ends.Count, ends.CountOf(1), ends.CountOf(2)));

        there = [there[1]];
        ends.Forget(ref board);
        Assert.Equal((1u, 0u, 1u), (ends.Count, ends.CountOf(1), ends.CountOf(2)));
    }

    [Theory]
    [InlineData("12=3 12=4")]
    [InlineData("12=193")]
    [InlineData("12=x")]
    [InlineData("1=1 2=1 3=1 4=1 5=1 6=1 7=1 8=1 9=1")]
    public void Quotas_ThatAreUnclear_AreRefused(string arguments) => Assert.False(new ConnectionQuotas().Read(Encoding.UTF8.GetBytes(arguments)));

    [Theory]
    [InlineData("dial")]
    [InlineData("dial=x")]
    [InlineData("this-name-has-thirty-two-letters=1")]
    public void Rights_ThatAreUnclear_AreRefused(string arguments) => Assert.False(new NameRights().Read(Encoding.UTF8.GetBytes(arguments)));

    // By hand from "The FNV Non-Cryptographic Hash Algorithm", test vectors: FNV-1a of 64 bits of "a" is 0xaf63dc4c8601ec8c, of "foobar" 0x85944171f73967e8.
    [Theory]
    [InlineData("a", 1, 0xaf63_dc4c_8601_0001)]
    [InlineData("foobar", 0xFFFF, 0x8594_4171_f739_FFFF)]
    public void Keys_AreHashesWithAVersion(string name, int version, ulong key) =>
        Assert.Equal(key, ProtocolKey.Of(Encoding.UTF8.GetBytes(name), (ushort)version).Raw);

    [Theory]
    [InlineData("", false)]
    [InlineData("a\0b", false)]
    [InlineData("a-long-name-of-thirty-one-bytes", true)]
    [InlineData("a-long-name-of-thirty-two-bytes-", false)]
    public void Names_FitIntoFourWords_OrAreNone(string name, bool expected) => Assert.Equal(expected, NameWords.TryOf(Encoding.UTF8.GetBytes(name), out _));

    private static void Run(int seeds)
    {
        string? chosen = Environment.GetEnvironmentVariable("ATOLL_SEED");
        string? more = Environment.GetEnvironmentVariable("ATOLL_SEEDS");
        if (chosen is not null)
        {
            ConnectionRun.Run(int.Parse(chosen, CultureInfo.InvariantCulture));
            return;
        }

        int count = more is null ? seeds : int.Parse(more, CultureInfo.InvariantCulture);
        for (int seed = 1; seed <= count; seed++)
        {
            ConnectionRun.Run(seed);
        }
    }

    private static NameWords Words(string name)
    {
        Assert.True(NameWords.TryOf(Encoding.UTF8.GetBytes(name), out NameWords words));
        return words;
    }
}
