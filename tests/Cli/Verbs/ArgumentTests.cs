using System.CommandLine;
using Atoll.Cli.Verbs;
using Atoll.Cli.Workspace;

namespace Atoll.Cli.Tests.Verbs;

/// <summary>Numbers out of range are refused in a sentence that names the range, and no name of the program's own shows.</summary>
public sealed class ArgumentTests
{
    private static readonly Repository s_repository = Repository.Find();

    [Theory]
    [InlineData("--cores 0", "--cores takes a whole number from 1 to 255, not '0'")]
    [InlineData("--cores -1", "--cores takes a whole number from 1 to 255, not '-1'")]
    [InlineData("--cores 256", "--cores takes a whole number from 1 to 255, not '256'")]
    [InlineData("--cores four", "--cores takes a whole number from 1 to 255, not 'four'")]
    [InlineData("--memory 2", "--memory takes a whole number from 3 to 1048576, not '2'")]
    [InlineData("--for -1", "--for takes seconds from 0 to 1000000, not '-1'")]
    [InlineData("--for 1e9", "--for takes seconds from 0 to 1000000, not '1e9'")]
    [InlineData("--for x", "--for takes seconds from 0 to 1000000, not 'x'")]
    public void Run_RefusesWhatIsOutOfRange(string arguments, string message) =>
        Assert.Equal([message], Errors(RunVerb.Create(s_repository), arguments));

    [Theory]
    [InlineData("boot --cores 256", "--cores takes a whole number from 1 to 255, not '256'")]
    [InlineData("boot --memory 99999999999", "--memory takes a whole number from 3 to 1048576, not '99999999999'")]
    [InlineData("boot --seed -1", "--seed takes a whole number from 0 to 2147483647, not '-1'")]
    public void Vm_RefusesWhatIsOutOfRange(string arguments, string message) =>
        Assert.Equal([message], Errors(VmVerb.Create(s_repository), arguments));

    [Theory]
    [InlineData("--seeds 0", "--seeds takes a whole number from 1 to 2147483647, not '0'")]
    [InlineData("--seed -1", "--seed takes a whole number from 0 to 2147483647, not '-1'")]
    [InlineData("--minutes x", "--minutes takes a whole number from 1 to 1440, not 'x'")]
    public void Test_RefusesWhatIsOutOfRange(string arguments, string message) =>
        Assert.Equal([message], Errors(TestVerb.Create(s_repository), arguments));

    [Theory]
    [InlineData("--cores 1")]
    [InlineData("--cores 255 --memory 3 --for 0")]
    [InlineData("--for 0.25 --boot x=y")]
    public void Run_TakesTheEdges(string arguments) => Assert.Empty(Errors(RunVerb.Create(s_repository), arguments));

    private static string[] Errors(Command verb, string arguments) =>
        [.. verb.Parse(arguments.Split(' ')).Errors.Select(error => error.Message)];
}
