using Atoll.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Generators.Shipped;

/// <summary>A line of a file of ids: number and meaning.</summary>
internal sealed record ShippedMethod(int Version, int Id, string Signature, SourcePlace Place)
{
    /// <summary>The method's name.</summary>
    public string Name => MethodName(Signature);

    /// <summary>The name in a signature.</summary>
    public static string MethodName(string signature)
    {
        int end = signature.IndexOf('(');
        string before = end < 0 ? signature : signature.Substring(0, end);
        return before.Substring(before.LastIndexOf(' ') + 1);
    }
}

/// <summary>The file <c>NAME.protocol.txt</c>: which number means what, version by version.</summary>
/// <param name="Name">The protocol that it is about.</param>
/// <param name="Methods">Its lines.</param>
/// <param name="Findings">Lines that say nothing.</param>
internal sealed record ShippedProtocol(string Name, EquatableArray<ShippedMethod> Methods, EquatableArray<Finding> Findings)
{
    /// <summary>How the names of such files end.</summary>
    public const string Suffix = ".protocol.txt";

    /// <summary>Whether a file is one.</summary>
    public static bool Is(AdditionalText file) => file.Path.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Reads one.</summary>
    public static ShippedProtocol Read(string path, SourceText text)
    {
        string name = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
        List<ShippedMethod> methods = [];
        List<Finding> findings = [];
        int version = 0;
        foreach (TextLine line in text.Lines)
        {
            string said = line.ToString().Trim();
            SourcePlace place = new(path, line.Span, text.Lines.GetLinePositionSpan(line.Span));
            if (said.Length == 0 || said[0] == '#')
            {
                continue;
            }

            if (ReadLine(said, place, ref version, methods) is { } reason)
            {
                findings.Add(Finding.Of(ProtocolRules.ShippedLine, place, said, reason));
            }
        }

        return new ShippedProtocol(name.Substring(0, name.Length - Suffix.Length), new(methods), new(findings));
    }

    // What is wrong with it, if anything.
    private static string? ReadLine(string line, SourcePlace place, ref int version, List<ShippedMethod> methods)
    {
        int space = line.IndexOf(' ');
        string first = space < 0 ? line : line.Substring(0, space);
        string rest = space < 0 ? "" : line.Substring(space + 1).Trim();
        if (first == "version")
        {
            return int.TryParse(rest, out int next) && next > version
                ? Begin(next, out version)
                : $"expected 'version N' with N greater than {version}";
        }

        int now = version;
        if (now == 0)
        {
            return "expected 'version N' before the first id";
        }

        if (!int.TryParse(first, out int id) || id < 1 || rest.Length == 0)
        {
            return "expected 'ID SIGNATURE' with an id from 1 on";
        }

        ShippedMethod method = new(now, id, rest, place);
        if (methods.FirstOrDefault(other => other.Version == now && other.Id == id) is { } same)
        {
            return $"id {id} is that of '{same.Name}' already";
        }

        if (methods.Any(other => other.Version == now && other.Name == method.Name))
        {
            return $"'{method.Name}' has an id already";
        }

        methods.Add(method);
        return null;
    }

    private static string? Begin(int next, out int version)
    {
        version = next;
        return null;
    }
}
