using System.Text.Json;

namespace Brickwork.Cli.Tests;

/// <summary>Reads the fields that the contract names.</summary>
static class JsonFields
{
    public static void ShouldHave(this JsonElement json, params string[] names)
    {
        var found = json.EnumerateObject().Select(field => field.Name).ToList();
        names.Except(found).ShouldBeEmpty($"found {string.Join(", ", found)}");
    }

    public static int[] Ids(this JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static double Number(this JsonElement json, string name) => json.GetProperty(name).GetDouble();
}
