using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Contracts.Library;

/// <summary>Contracts of members that are not here as source: the framework's, which come with the package, and the user's own.</summary>
internal sealed class ContractList
{
    /// <summary>End of the name of a user's list among the project's AdditionalFiles.</summary>
    public const string FileSuffix = ".contracts.txt";

    private static readonly Lazy<ContractList> s_framework = new(() => Parse(Resource.Read("net10.contracts.txt")).List);

    private readonly Dictionary<string, ContractLine> _members = new(StringComparer.Ordinal);

    /// <summary>The shipped list.</summary>
    public static ContractList Framework => s_framework.Value;

    public int Count => _members.Count;

    public bool TryFind(string member, out ContractLine line) => _members.TryGetValue(member, out line);

    /// <summary>Reads a list. Empty lines and those that begin with # say nothing.</summary>
    public static (ContractList List, ImmutableArray<(TextLine Line, string Error)> Errors) Parse(string text)
    {
        var list = new ContractList();
        var errors = ImmutableArray.CreateBuilder<(TextLine, string)>();
        foreach (TextLine line in SourceText.From(text).Lines)
        {
            string content = line.ToString().Trim();
            if (content.Length == 0 || content[0] == '#')
            {
                continue;
            }

            if (ContractLine.TryParse(content, out string member, out ContractLine contract, out string error))
            {
                list._members[member] = contract;
            }
            else
            {
                errors.Add((line, error));
            }
        }

        return (list, errors.ToImmutable());
    }

    /// <summary>Reads the user's lists of a project, one after the other: a later line wins.</summary>
    public static ContractList OfUser(ImmutableArray<AdditionalText> files, CancellationToken cancellation)
    {
        var all = new ContractList();
        foreach (AdditionalText file in files.Where(IsList))
        {
            foreach (KeyValuePair<string, ContractLine> entry in Parse(file.GetText(cancellation)?.ToString() ?? string.Empty).List._members)
            {
                all._members[entry.Key] = entry.Value;
            }
        }

        return all;
    }

    public static bool IsList(AdditionalText file) => file.Path.EndsWith(FileSuffix, StringComparison.OrdinalIgnoreCase);
}
