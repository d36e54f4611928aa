using System.Text;
using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Memory;
using Atoll.Services.Protocols;
using Atoll.Services.Tests.Machine;

namespace Atoll.Services.Tests.Memory;

/// <summary>Quotas are kept, what comes back can be had again, and nothing of a dead client is left.</summary>
public sealed class MemoryServerTests
{
    private const ulong First = 3;
    private const ulong Second = 7;
    private ServiceMachine _machine = new();
    private MemoryServer _server;

    public MemoryServerTests() => Begin("3=64 7=16");

    [Fact]
    public void Client_GetsUpToItsQuota_AndNoMore()
    {
        Assert.Equal((MemoryAnswer.Done, 65536UL), (_server.Begin(new Caller(First), out ulong quota), quota));
        Assert.Equal(MemoryAnswer.Done, Take(First, 15, out Capability half, out _));
        Assert.Equal(15, half.Bits);
        Assert.Equal(MemoryAnswer.Done, Take(First, 14, out _, out _));
        Assert.Equal(MemoryAnswer.QuotaSpent, Take(First, 15, out _, out _));
        Assert.Equal(MemoryAnswer.Done, Take(First, 14, out _, out _));
        Assert.Equal(MemoryAnswer.QuotaSpent, Take(First, 12, out _, out _));
        Assert.Equal((65536UL, 3U), Used(0));
        Assert.Equal((0UL, 0U), Used(1));
    }

    [Fact]
    public void QuotaOfAnother_IsNotTouched()
    {
        while (Take(First, 12, out _, out _) == MemoryAnswer.Done)
        {
            // All that there is.
        }

        Assert.Equal(MemoryAnswer.Done, Take(Second, 14, out Capability all, out _));
        Assert.Equal(14, all.Bits);
    }

    [Theory]
    [InlineData(1UL, 12U, MemoryAnswer.NoQuota)]
    [InlineData(First, 11U, MemoryAnswer.SizeInvalid)]
    [InlineData(First, 0U, MemoryAnswer.SizeInvalid)]
    [InlineData(First, 17U, MemoryAnswer.QuotaSpent)]
    [InlineData(First, uint.MaxValue, MemoryAnswer.QuotaSpent)]
    [InlineData(Second, 15U, MemoryAnswer.QuotaSpent)]
    public void WhatIsNotAllowed_IsRefused(ulong client, uint bits, MemoryAnswer expected)
    {
        Assert.Equal(expected, _server.Take(new Caller(client), bits, out UntypedMemory memory, out _));
        Assert.Equal(0UL, memory.Address);
    }

    /// <summary>Slots are divided as memory is: a client with many small pieces leaves others theirs.</summary>
    [Fact]
    public void SlotsOfAnother_AreNotTouched()
    {
        Begin("3=1024 7=16", poolBits: 21);
        int pieces = 0;
        MemoryAnswer last;
        while ((last = Take(First, 12, out _, out _)) == MemoryAnswer.Done)
        {
            pieces++;
        }

        Assert.Equal(MemoryAnswer.TooManyPieces, last);
        // Half of the 48 slots: 17 for the way down to the first page, and two for each split after that.
        Assert.Equal(6, pieces);
        Assert.All(Enumerable.Range(0, 4), _ => Assert.Equal(MemoryAnswer.Done, Take(Second, 12, out Capability _, out uint _)));
    }

    [Fact]
    public void ReturnedPiece_IsGoneEverywhere_AndCanBeHadAgain()
    {
        Assert.Equal(MemoryAnswer.Done, Take(First, 16, out Capability all, out uint piece));
        Capability frame = all.Make(CapabilityType.Frame, 12);
        Capability lent = frame.Derive();
        Assert.Equal(MemoryAnswer.Unknown, _server.Return(new Caller(Second), piece));
        Assert.Equal(MemoryAnswer.NoQuota, _server.Return(new Caller(99), piece));
        Assert.False(lent.IsGone);
        Assert.Equal(MemoryAnswer.Done, _server.Return(new Caller(First), piece));
        Assert.True(all.IsGone && frame.IsGone && lent.IsGone);
        Assert.Equal(MemoryAnswer.Unknown, _server.Return(new Caller(First), piece));
        Assert.Equal(MemoryAnswer.Unknown, _server.Return(new Caller(First), uint.MaxValue));
        Assert.Equal(MemoryAnswer.Done, Take(First, 16, out _, out _));
    }

    /// <summary>The kernel deletes what a dead client held: nobody has to be told.</summary>
    [Fact]
    public void DeadClient_LeavesNothing()
    {
        int before = _machine.Filled;
        Capability[] held = [.. Enumerable.Range(0, 6).Select(index => Taken(First, (uint)(12 + (index % 2))))];
        Array.ForEach(held, capability => capability.Delete());
        Assert.Equal((0UL, 0U), Used(0));
        Assert.Equal(before, _machine.Filled);
        Assert.Equal(MemoryAnswer.Done, Take(First, 16, out _, out _));
    }

    /// <summary>What it had given to others stays until it begins again; then it is taken from them, too.</summary>
    [Fact]
    public void NextLife_TakesBackWhatTheEarlierGaveAway()
    {
        Capability piece = Taken(First, 13);
        Capability frame = piece.Make(CapabilityType.Frame, 12);
        Capability lent = frame.Derive();
        frame.Delete();
        piece.Delete();
        Assert.Equal((8192UL, 1U), Used(0));
        Assert.Equal(MemoryAnswer.Done, _server.Begin(new Caller(First), out _));
        Assert.True(lent.IsGone);
        Assert.Equal((0UL, 0U), Used(0));
    }

    /// <summary>Who is told of the death takes it back at once, from others too, and from nobody else.</summary>
    [Fact]
    public void ToldOfADeath_TakesBackWhatTheDeadGaveAway()
    {
        Capability lent = Taken(First, 13).Make(CapabilityType.Frame, 12).Derive();
        Capability other = Taken(Second, 12).Make(CapabilityType.Frame, 12).Derive();

        // Of every other program: a client's badge is its position and one.
        _server.Signalled(~(1UL << ((int)First - 1)) & ~(1UL << ((int)Second - 1)));
        Assert.False(lent.IsGone || other.IsGone);

        _server.Signalled(1UL << ((int)First - 1));
        Assert.True(lent.IsGone);
        Assert.False(other.IsGone);
        Assert.Equal((0UL, 0U), Used(0));
        Assert.Equal((4096UL, 1U), Used(1));
        Assert.Equal(MemoryAnswer.Done, Take(First, 16, out _, out _));
    }

    /// <summary>Badges that no program has, as a system may write them into quotas, stand for no bit.</summary>
    [Theory]
    [InlineData(0UL)]
    [InlineData(49UL)]
    [InlineData(65UL)]
    [InlineData(ulong.MaxValue)]
    public void DeathOfAll_NamesNobodyWhoIsNoProgram(ulong badge) => Assert.False(DeathSignal.Names(ulong.MaxValue, badge));

    /// <summary>Bytes and slots are conserved, whatever two clients do.</summary>
    [Fact]
    public void RandomClients_NeverHaveMoreThanTheirQuota()
    {
        int before = _machine.Filled;
        List<(ulong Client, Capability Memory, uint Piece)> held = [];
        Random random = new(5);
        for (int step = 0; step < 5_000; step++)
        {
            ulong client = random.Next(2) == 0 ? First : Second;
            if (random.Next(2) == 0)
            {
                if (Take(client, (uint)random.Next(12, 17), out Capability memory, out uint piece) == MemoryAnswer.Done)
                {
                    Assert.All(held, other => Assert.NotSame(other.Memory.Parent, memory.Parent));
                    held.Add((client, memory, piece));
                }
            }
            else if (held.Count > 0)
            {
                (ulong owner, Capability memory, uint piece) = held[random.Next(held.Count)];
                held.RemoveAll(one => one.Memory == memory);
                if (random.Next(2) == 0)
                {
                    Assert.Equal(MemoryAnswer.Done, _server.Return(new Caller(owner), piece));
                }
                else
                {
                    memory.Delete();
                }
            }

            Assert.Equal(Sum(held, First), Used(0).Bytes);
            Assert.InRange(Used(0).Bytes, 0UL, 65536UL);
            Assert.Equal(Sum(held, Second), Used(1).Bytes);
            Assert.InRange(Used(1).Bytes, 0UL, 16384UL);
        }

        held.ForEach(one => one.Memory.Delete());
        Assert.Equal((0UL, 0UL), (Used(0).Bytes, Used(1).Bytes));
        Assert.Equal(before, _machine.Filled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3=64")]
    [InlineData(" 3=4  7=1024 ")]
    public void GoodQuotas_AreRead(string arguments) => Assert.True(new QuotaTable().Read(Encoding.UTF8.GetBytes(arguments)));

    [Theory]
    [InlineData("3")]
    [InlineData("=4")]
    [InlineData("3=")]
    [InlineData("3=5")]
    [InlineData("3=2")]
    [InlineData("3=4 3=8")]
    [InlineData("a=4")]
    [InlineData("3=4x")]
    [InlineData("3=99999999999999999999")]
    [InlineData("1=4 2=4 3=4 4=4 5=4 6=4 7=4 8=4 9=4 10=4 11=4 12=4 13=4")]
    public void BadQuotas_AreRefused(string arguments) => Assert.False(new QuotaTable().Read(Encoding.UTF8.GetBytes(arguments)));

    [Fact]
    public void PoolThatIsTooSmall_IsRefused()
    {
        _ = new ServiceMachine(poolBits: 16);
        QuotaTable quotas = default;
        Assert.True(quotas.Read("3=64 7=64"u8));
        Assert.False(new MemoryServer().Begin(in quotas, new UntypedMemory(ServiceMachine.Pool), ServiceMachine.Slots(48)));
    }

    private static ulong Sum(List<(ulong Client, Capability Memory, uint Piece)> held, ulong client) =>
        held.Where(one => one.Client == client).Aggregate(0UL, (sum, one) => sum + (1UL << one.Memory.Bits));

    private void Begin(string arguments, byte poolBits = 20)
    {
        _machine = new ServiceMachine(poolBits);
        _server = default;
        QuotaTable quotas = default;
        Assert.True(quotas.Read(Encoding.UTF8.GetBytes(arguments)));
        Assert.True(_server.Begin(in quotas, new UntypedMemory(ServiceMachine.Pool), ServiceMachine.Slots(48)));
    }

    // What the client gets: a copy of what the server keeps.
    private MemoryAnswer Take(ulong client, uint bits, out Capability memory, out uint piece)
    {
        MemoryAnswer answer = _server.Take(new Caller(client), bits, out UntypedMemory given, out piece);
        memory = answer == MemoryAnswer.Done ? _machine.At(given.Address)!.Derive() : new Capability(CapabilityType.Null, CapabilityRights.None, 0, 0);
        return answer;
    }

    private Capability Taken(ulong client, uint bits)
    {
        Assert.Equal(MemoryAnswer.Done, Take(client, bits, out Capability memory, out _));
        return memory;
    }

    private (ulong Bytes, uint Pieces) Used(uint index)
    {
        Assert.Equal(MemoryAnswer.Done, _server.Describe(new Caller(1), index, out _, out _, out ulong used, out uint pieces));
        return (used, pieces);
    }
}
