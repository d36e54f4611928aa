using Atoll.Ipc;
using Atoll.Links;
using Atoll.Trials;
using Atoll.Workloads;

namespace Atoll.Kernel.Tests.Trials;

/// <summary>What a hostile kernel says: everything that a kernel can say, and the same again from the same seed.</summary>
public sealed class HostileKernelMessageTests
{
    // What ends a link: it would be over before anything else was said.
    private static readonly LinkKind[] s_last = [LinkKind.Refused, LinkKind.Goodbye];

    /// <summary>Whoever adds a kind of message says in <see cref="HostileMessage"/> what a hostile kernel achieves with it.</summary>
    [Fact]
    public void EachKind_IsSaidOnceInARound()
    {
        uint[] said = [.. Enumerable.Range(0, (int)HostileMessage.KindsOfARound).Select(number => Message(seed: 1, number).Kind)];

        Assert.Equal(said.Length, said.Distinct().Count());
        foreach (KernelMessage kind in Enum.GetValues<KernelMessage>())
        {
            Assert.Contains((uint)kind, said);
        }

        foreach (LinkKind kind in Enum.GetValues<LinkKind>().Except(s_last))
        {
            Assert.Contains((uint)kind, said);
        }

        Assert.All(said, kind => Assert.True(
            Enum.IsDefined((KernelMessage)kind) || Enum.IsDefined((LinkKind)kind) || kind is > (uint)HostileMessage.LastKind and not (uint)TrialMessage.Traffic));
        Assert.DoesNotContain(said, kind => s_last.Contains((LinkKind)kind) || Enum.IsDefined((TrialMessage)kind));
    }

    [Fact]
    public void SameSeed_SameMessages()
    {
        for (int number = 0; number < 1000; number++)
        {
            Assert.Equal(Words(Message(seed: 5, number)), Words(Message(seed: 5, number)));
        }

        Assert.Equal(50, Enumerable.Range(0, 50).Select(seed => string.Join(' ', Words(Message((ulong)seed, number: 3)))).Distinct().Count());
    }

    /// <summary>Edges come up in each place: nothing, all bits, one bit, a number of two digits, a page.</summary>
    [Fact]
    public void Words_AreAtTheEdges()
    {
        List<ulong[]> words = [.. Enumerable.Range(0, 5000).Select(number => Words(Message(seed: 9, number)))];
        for (int place = 0; place < 5; place++)
        {
            Assert.Contains(words, message => message[place] == 0);
            Assert.Contains(words, message => message[place] is > 0 and < 64);
            Assert.Contains(words, message => message[place] != 0 && message[place] % 4096 == 0 && message[place] < 1ul << 27);
            Assert.Contains(words, message => ulong.IsPow2(message[place]) && message[place] > 1ul << 40);
            Assert.Contains(words, message => message[place] == ulong.MaxValue);
        }

        Assert.InRange(Enumerable.Range(0, 5000).Count(number => Message(seed: 9, number).Reserved != 0), 200, 450);
    }

    /// <summary>Written down apart from the product: what docs/trust.md says that nobody but the coordinator, or nobody at all, deals with.</summary>
    [Theory]
    [InlineData(KernelMessage.OpenLink, 1, 0)]
    [InlineData(KernelMessage.TakeLink, 1, 1)]
    [InlineData(KernelMessage.LinkReleased, 1, 0)]
    [InlineData(KernelMessage.BeDeputy, 1, 1)]
    [InlineData(KernelMessage.PeerGrant, 1, 1)]
    [InlineData(KernelMessage.Ping, 0, 0)]
    [InlineData(KernelMessage.OpenChannel, 1, 0)]
    [InlineData(KernelMessage.TakeChannel, 1, 1)]
    [InlineData(KernelMessage.RingChannel, 1, 1)]
    [InlineData(KernelMessage.OfferCapability, 1, 1)]
    [InlineData(KernelMessage.RecallCapabilities, 0, 0)]
    [InlineData(KernelMessage.ReturnCapabilities, 5, 5)]
    [InlineData(KernelMessage.SignalNotification, 1, 1)]
    [InlineData(KernelMessage.PassCapability, 1, 1)]
    [InlineData(KernelMessage.AnswerPass, 1, 1)]
    [InlineData(KernelMessage.CallEndpoint, 1, 1)]
    [InlineData(KernelMessage.AnswerCall, 1, 1)]
    [InlineData(KernelMessage.CancelCall, 0, 0)]
    public void Refusals_AreThoseOfTheKind(KernelMessage kind, uint byMember, uint byCoordinator)
    {
        LinkMessage message = new() { Kind = (uint)kind, Operation = 3, Argument1 = 1, Argument2 = 0, Argument3 = 5 };

        Assert.Equal(byMember, HostileMessage.RefusalsDue(in message, byCoordinator: false));
        Assert.Equal(byCoordinator, HostileMessage.RefusalsDue(in message, byCoordinator: true));
        message.Reserved = 7;
        Assert.Equal(1u, HostileMessage.RefusalsDue(in message, byCoordinator: false));
    }

    private static LinkMessage Message(ulong seed, int number)
    {
        HostileMessage.Make(seed, (uint)number, out LinkMessage message);
        return message;
    }

    private static ulong[] Words(LinkMessage message) =>
        [message.Operation, message.Argument1, message.Argument2, message.Argument3, message.Kind == (uint)KernelMessage.OfferCapability ? 0 : message.Argument0];
}
