using Atoll.TestVm.Guest;

namespace Atoll.Vm.Tests.Guest;

/// <summary>What programs say is read whole, wherever a kernel's records break into it.</summary>
public sealed class KernelRecordsTests
{
    private const string Death = "@death core=2 life=13 stopped=1\n";

    // As it was heard: the prompt never came, and the scenario waited until the machine was taken away.
    [Fact]
    public void PromptThatIsBroken_IsRead()
    {
        const string heard = "healthy\r\n\ratoll>@restarted core=3 life=17\n" + Death + " \u001B[K@restarted core=2 life=14\n";

        Assert.Equal("healthy\r\n\ratoll> \u001B[K", KernelRecords.Without(heard));
    }

    [Theory]
    [InlineData("atoll> x", 7, 7)]
    [InlineData("atoll>" + Death + " x", 6, 6)]
    [InlineData("atoll>" + Death + " x", 7, 39)]
    [InlineData(Death + "atoll> x", 7, 39)]
    [InlineData(Death + Death + "a" + Death + "b", 2, 98)]
    public void Length_HasTheRecordsThatCameBefore(string heard, int length, int expected) => Assert.Equal(expected, KernelRecords.LengthWith(heard, length));

    [Theory]
    [InlineData("@fault program=a outcome=restarted core=0\r\n")]
    [InlineData("me@home\r\n")]
    [InlineData("@death core=2")]
    [InlineData("@ 5\n")]
    public void WhatIsNoWholeRecordOfAKernel_Stays(string heard) => Assert.Equal(heard, KernelRecords.Without(heard));
}
