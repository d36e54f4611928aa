using System.Text;
using Atoll.Coordinator;
using Atoll.Trials;

namespace Atoll.Kernel.Tests.Trials;

/// <summary>What can never come true is refused before anything is started, in words that name the parameter.</summary>
public sealed class TrialParameterTests
{
    [Theory]
    [InlineData("kills=1", 1, "kills= needs a member")]
    [InlineData("kills=3 start.never=1", 4, "start.never= or start.late= prevents")]
    [InlineData("kills=3 start.late=2", 4, "start.never= or start.late= prevents")]
    [InlineData("kills=1 fault=check@1", 4, "fault=")]
    [InlineData("fault=check@4", 4, "fault= names a core")]
    [InlineData("fault=nmi@99", 4, "fault= names a core")]
    [InlineData("fault=nmi@1 start.never=1", 4, "keeps from starting")]
    [InlineData("fault=nmi@2 start.late=2", 4, "keeps from starting")]
    [InlineData("fault=hostile@0", 4, "whom the members believe")]
    [InlineData("start.never=0", 4, "core 0")]
    [InlineData("start.late=0", 4, "core 0")]
    [InlineData("start.never=4", 4, "gets no instance")]
    [InlineData("start.late=127", 4, "gets no instance")]
    [InlineData("start.never=2 start.late=2", 4, "the same core")]
    public void WhatCannotBe_IsNamed(string line, uint cores, string part) =>
        Assert.Contains(part, Contradiction(line, cores), StringComparison.Ordinal);

    [Theory]
    [InlineData("", 1)]
    [InlineData("kills=1 seed=1 workload=ring messages=100 end=pass", 4)]
    [InlineData("kills=1 workload=none", 2)]
    [InlineData("fault=check@3", 4)]
    [InlineData("fault=check@0", 1)]
    [InlineData("fault=hostile@3 hostile.messages=10", 4)]
    [InlineData("start.never=3 start.late=1 fault=divide@2", 4)]
    [InlineData("measure=rings seed=7", 1)]
    public void WhatCanBe_IsNotRefused(string line, uint cores) => Assert.Equal("", Contradiction(line, cores));

    private static string Contradiction(string line, uint cores)
    {
        TrialProfile profile = default;
        Assert.Equal(ParameterResult.Decoded, BootParameterDecoder.Decode(Encoding.ASCII.GetBytes(line), out _, ref profile, out _));
        return Encoding.ASCII.GetString(profile.Contradiction(cores));
    }
}
