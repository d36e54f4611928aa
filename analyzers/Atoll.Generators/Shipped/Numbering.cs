using Atoll.Generators.Model;

namespace Atoll.Generators.Shipped;

/// <summary>Gives every method the number that the file of ids says, and finds where the two differ.</summary>
internal static class Numbering
{
    /// <summary>Numbers the methods of a protocol.</summary>
    /// <param name="protocol">What the interface says.</param>
    /// <param name="file">What the file says; null: there is none.</param>
    /// <param name="findings">What is wrong.</param>
    public static ImmutableArray<NumberedMethod> Number(ProtocolModel protocol, ShippedProtocol? file, ICollection<Finding> findings)
    {
        ShippedMethod[] shipped = file is null ? [] : [.. file.Methods.Where(line => line.Version == protocol.Version)];
        int next = shipped.Length == 0 ? 1 : shipped.Max(line => line.Id) + 1;
        List<NumberedMethod> numbered = [];
        foreach (MethodModel method in protocol.Methods)
        {
            if (shipped.FirstOrDefault(line => line.Name == method.Name) is not { } line)
            {
                string text = $"{next++} {method.Signature}";
                findings.Add(Finding.Of(ProtocolRules.MissingId, method.Place, method.Name, $"{protocol.Version}", protocol.WireName, text));
                continue;
            }

            if (line.Signature != method.Signature)
            {
                findings.Add(Changed(protocol, line, method.Place, method.Signature));
            }

            numbered.Add(new NumberedMethod(line.Id, method));
        }

        foreach (ShippedMethod line in shipped.Where(line => protocol.Methods.All(method => method.Name != line.Name)))
        {
            findings.Add(Changed(protocol, line, protocol.Place, "nothing"));
        }

        return [.. numbered.OrderBy(method => method.Id)];
    }

    private static Finding Changed(ProtocolModel protocol, ShippedMethod line, SourcePlace place, string now) =>
        Finding.Of(ProtocolRules.Changed, place, $"{line.Id}", protocol.WireName, line.Signature, $"{line.Version}", now);
}
