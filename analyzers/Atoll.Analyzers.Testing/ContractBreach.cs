using System.Diagnostics;
using System.Text;

namespace Atoll.Testing;

/// <summary>One broken promise.</summary>
/// <param name="Member">The method.</param>
/// <param name="Contract">The promise.</param>
/// <param name="Measured">What was seen.</param>
/// <param name="Call">The how-manieth call of the method it was.</param>
/// <param name="Verdict">What the analyzer said of the method: clean, the rules that reported something, or nothing when no log was there.</param>
public sealed record ContractBreach(string Member, string Contract, string Measured, int Call, string Verdict)
{
    private const int FramesMax = 20;

    /// <summary>The methods that led here, the innermost first.</summary>
    public string Chain { get; } = Frames();

    /// <summary>The whole story, for the test's message.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        text.AppendLine($"Contract broken: {Member} is [{Contract}] and {Measured} (call {Call}).");
        text.AppendLine("Called by:");
        text.AppendLine(Chain);
        if (Disagreement.IsFalseClean(this))
        {
            text.AppendLine("The analyzer had nothing to say about this method, and the run disagrees. Please file this block:");
            text.Append(Disagreement.Describe(this));
        }
        else if (Verdict.Length > 0)
        {
            text.AppendLine($"The analyzer had said: {Verdict}.");
        }

        return text.ToString();
    }

    private static string Frames() =>
        string.Join('\n', new StackTrace(fNeedFileInfo: true).ToString().Split('\n')
            .Where(line => !line.Contains("Atoll.Testing.", StringComparison.Ordinal) && !line.Contains(" System.", StringComparison.Ordinal))
            .Take(FramesMax));
}

/// <summary>Fails the test that saw a promise broken.</summary>
public sealed class ContractBreachException(ContractBreach breach) : Exception(breach.Describe())
{
    /// <summary>What was broken.</summary>
    public ContractBreach Breach { get; } = breach;
}
